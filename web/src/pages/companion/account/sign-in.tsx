import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '../../../design/card.tsx';
import { type Credentials, CredentialsForm } from '../../../design/credentials-form.tsx';
import { PageFrame } from '../../../design/page-frame.tsx';
import { sentence } from '../../../server/request.ts';
import { account, send } from '../server.ts';
import { EarPicture } from './ear-picture.tsx';

/** Making an account and signing in. */
export function SignIn() {
  const queries = useQueryClient();
  const [isNew, setNew] = useState(true);

  const submit = async ({ name, email, password }: Credentials, asNew: boolean) => {
    try {
      await send('POST', `/api/auth/sign-${asNew ? 'up' : 'in'}/email`, {
        email,
        password,
        ...(asNew ? { name: name || email.split('@')[0] } : {}),
      });
      await queries.invalidateQueries({ queryKey: account.queryKey });
      return null;
    } catch (error) {
      return { place: 'password' as const, text: sentence(error) };
    }
  };

  return (
    <PageFrame title={`${isNew ? 'Begin' : 'Sign in'} · Companion · Earshot`} section="Companion">
      <div className="grid gap-x-16 gap-y-8 pt-4 pb-12 sm:pt-10 lg:grid-cols-[1.15fr_1fr] lg:items-center">
        <div className="flex flex-col gap-5">
          <EarPicture className="w-full max-w-xl max-lg:mx-auto max-lg:max-h-52" />
          <h1 className="font-serif text-[clamp(2.1rem,1.4rem+2.6vw,3.25rem)] leading-[1.08] tracking-[-0.02em]">
            It listens, so that you can.
          </h1>
          <p className="max-w-lg text-lg text-muted">
            Talk, and have it written down: what was said, what it was about, what you meant to do. Ask about
            it later. Everything stays on this server.
          </p>
        </div>
        <Card className="flex flex-col gap-5 p-6 sm:p-8">
          <CredentialsForm startsNew onMode={setNew} submit={submit} />
        </Card>
      </div>
    </PageFrame>
  );
}
