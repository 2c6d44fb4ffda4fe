import { useQueryClient } from '@tanstack/react-query';
import { Card } from '../../../design/card.tsx';
import { type Credentials, CredentialsForm } from '../../../design/credentials-form.tsx';
import { accountUser, sendAsAccount } from '../../../server/account.ts';
import { useConnection } from '../../../server/connection.ts';
import { ServerRefusal, sentence } from '../../../server/request.ts';

/** The way in, on the page of whoever is not signed in. */
export function AccountCard() {
  const queries = useQueryClient();
  const connection = useConnection();

  const submit = async ({ name, email, password }: Credentials, isNew: boolean) => {
    try {
      await sendAsAccount('POST', `/api/auth/sign-${isNew ? 'up' : 'in'}/email`, {
        email,
        password,
        ...(isNew ? { name: name || email.split('@')[0] } : {}),
      });
      await queries.invalidateQueries({ queryKey: accountUser.queryKey });
      scrollTo({ top: 0 });
      return null;
    } catch (error) {
      const isTaken = error instanceof ServerRefusal && error.code.startsWith('USER_ALREADY_EXISTS');
      return {
        place: isTaken ? ('email' as const) : ('password' as const),
        text: sentence(error),
        isKnown: isTaken,
      };
    }
  };

  return (
    <section
      id="account"
      aria-labelledby="account-title"
      className="mt-16 grid gap-x-16 gap-y-6 lg:grid-cols-2"
    >
      <div className="flex flex-col gap-3">
        <h2 id="account-title" className="text-3xl font-semibold tracking-tight">
          One account for every app
        </h2>
        <p className="max-w-md text-muted">
          Sign in once, and Stories, Companion, Voice and Speech know you. This page then shows what you used,
          where you are signed in, and every key that acts for you. The account lives on this server and
          nowhere else.
        </p>
      </div>
      <Card className="flex flex-col gap-5 p-6 sm:p-8">
        <CredentialsForm
          startsNew={false}
          blocked={connection === 'offline' && 'You are offline'}
          submit={submit}
        />
      </Card>
    </section>
  );
}
