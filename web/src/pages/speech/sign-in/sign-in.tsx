import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { SecretField } from '../../../design/field.tsx';
import { accountUser } from '../../../server/account.ts';
import { useConnection } from '../../../server/connection.ts';
import { sentence } from '../../../server/request.ts';
import { verify } from '../api.ts';
import { beginSession, makeKey, type Session } from '../session.ts';

interface SignInProps {
  readonly builtIn: boolean;
  readonly endedBecause: string | null;
}

/** The key is the account: paste one, or, where the server needs none from outside, have one made. */
export function SignIn({ builtIn, endedBecause }: SignInProps) {
  const online = useConnection() === 'online';
  const user = useQuery(accountUser).data;
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState<Session['origin'] | null>(null);

  const enter = async (withKey: string, origin: Session['origin']) => {
    setProblem(undefined);
    setBusy(origin);
    try {
      beginSession(await verify(withKey, origin));
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(null);
    }
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A pasted key often brings a newline along; no key contains white space.
    const pasted = key.trim();
    if (pasted === '') setProblem('Please paste your API key.');
    else void enter(pasted, 'pasted');
  };

  const blocked = !online && 'The server cannot be reached';
  return (
    <div className="grid gap-x-16 gap-y-10 py-8 sm:py-14 lg:grid-cols-[1.1fr_1fr] lg:items-center">
      <div className="flex flex-col gap-5">
        <h1 className="text-[clamp(2.25rem,1.5rem+3vw,3.5rem)] leading-[1.06] font-semibold tracking-[-0.035em]">
          Give it a text.
          <br />
          Hear it anywhere.
        </h1>
        <p className="max-w-lg text-lg text-muted">
          A text is turned into audio once, then waits on this server for every device of yours, with the
          place where you stopped listening.
        </p>
      </div>
      <Card className="flex flex-col gap-6 p-6 sm:p-8">
        {endedBecause ? (
          <Banner tone="amber" icon="key">
            You were signed out: {endedBecause}
          </Banner>
        ) : null}
        {user ? (
          <div className="flex flex-col gap-3">
            <Button
              tone="primary"
              blocked={blocked}
              onClick={() =>
                beginSession({ key: '', token: '', userId: user.id, origin: 'account', email: user.email })
              }
              className="min-h-13 text-lg"
            >
              Go on as {user.name}
            </Button>
            <p className="text-sm text-muted wrap-anywhere">
              You are signed in on this server as {user.email}. The library is your account’s, on every
              device.
            </p>
          </div>
        ) : null}
        {builtIn && !user ? (
          <>
            <div className="flex flex-col gap-3">
              <Button
                tone="primary"
                busy={busy === 'made'}
                blocked={blocked}
                onClick={() => void enter(makeKey(), 'made')}
                className="min-h-13 text-lg"
              >
                Try it without a key
              </Button>
              <p className="text-sm text-muted">
                Makes a random key in this browser. It opens your library, and you can copy it to your other
                devices later.
              </p>
            </div>
            <div
              aria-hidden="true"
              className="flex items-center gap-4 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line"
            >
              or
            </div>
          </>
        ) : null}
        <form onSubmit={submit} className="flex flex-col gap-4">
          <SecretField
            label={builtIn ? 'A key you already have' : 'Your API key'}
            name="api-key"
            autoComplete="off"
            placeholder="sk-…"
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={problem}
            hint={
              builtIn
                ? 'The same key opens the same library on every device.'
                : 'Speech is made with your key at the provider this server uses. The same key opens the same library on every device.'
            }
          />
          <Button
            type="submit"
            tone={builtIn ? 'quiet' : 'primary'}
            busy={busy === 'pasted'}
            blocked={blocked}
          >
            Sign in
          </Button>
          <p className="text-sm text-muted">
            After signing in, the key is kept in this browser until you sign out. The server keeps only a
            fingerprint of it.
          </p>
        </form>
      </Card>
    </div>
  );
}
