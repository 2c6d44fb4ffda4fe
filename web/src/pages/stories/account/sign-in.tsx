import { EarshotError, type SessionAnswer } from '@earshot/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { type Credentials, CredentialsForm } from '../../../design/credentials-form.tsx';
import { PageFrame } from '../../../design/page-frame.tsx';
import { notify } from '../../../design/toast.tsx';
import { accountUser, askAsAccount } from '../../../server/account.ts';
import { sentence } from '../../../server/request.ts';
import { useAuth, useClient, useNetwork } from '../client.tsx';
import { failureWords } from '../words.ts';
import { NightScene } from './night-scene.tsx';

/** Making an account and signing in. */
export function SignIn() {
  const { auth } = useClient();
  const { status, user } = useAuth();
  const { connected } = useNetwork();
  const hasEnded = status === 'expired';
  const [isNew, setNew] = useState(!hasEnded);

  // Signed in on another page of this server.
  const here = useQuery(accountUser).data;
  const goOn = async () => {
    try {
      const answer = (await (await askAsAccount('/api/auth/session')).json()) as SessionAnswer;
      await auth.adopt(answer);
    } catch (error) {
      notify(sentence(error), 'danger');
    }
  };

  const submit = async ({ name, email, password }: Credentials, asNew: boolean) => {
    try {
      if (asNew) await auth.signUp({ email, password, ...(name && { name }) });
      else await auth.signIn({ email, password });
      return null;
    } catch (error) {
      const { message, hint } = failureWords(error);
      const code = error instanceof EarshotError ? error.code : 'unknown';
      const isPassword = code === 'invalidCredentials' || code.startsWith('password');
      return {
        place: isPassword ? ('password' as const) : ('email' as const),
        text:
          code === 'offline' ? 'The server does not answer. Try again in a moment.' : `${message} ${hint}`,
        isKnown: code === 'emailTaken',
      };
    }
  };

  return (
    <PageFrame title={`${isNew ? 'Begin' : 'Sign in'} · Stories · Earshot`} section="Stories">
      <div className="grid gap-x-16 gap-y-8 pt-4 pb-12 sm:pt-10 lg:grid-cols-[1.15fr_1fr] lg:items-center">
        <div className="flex flex-col gap-5">
          <NightScene className="w-full rounded-card shadow-raised max-lg:max-h-52 max-lg:object-cover" />
          <h1 className="font-serif text-[clamp(2.1rem,1.4rem+2.6vw,3.25rem)] leading-[1.08] tracking-[-0.02em]">
            Tonight, a story about them.
          </h1>
          <p className="max-w-lg text-lg text-muted">
            Make a hero together, choose what the day is about, and hear a new story with pictures. It stays
            with you on every device, also where there is no network.
          </p>
        </div>
        <Card className="flex flex-col gap-5 p-6 sm:p-8">
          {hasEnded ? (
            <Banner tone="amber" icon="key">
              Your session has ended. Sign in again as {user?.email ?? 'before'}; everything you made is still
              here.
            </Banner>
          ) : null}
          {connected ? null : (
            <Banner tone="amber" icon="offline">
              You are offline. {isNew ? 'Making an account' : 'Signing in'} needs the network once.
            </Banner>
          )}
          {here ? (
            <Button tone="primary" className="min-h-13 text-lg" onClick={() => void goOn()}>
              Go on as {here.name}
            </Button>
          ) : null}
          <CredentialsForm
            startsNew={isNew}
            defaultEmail={hasEnded ? user?.email : undefined}
            blocked={!connected && 'You are offline'}
            onMode={setNew}
            submit={submit}
          />
        </Card>
      </div>
    </PageFrame>
  );
}
