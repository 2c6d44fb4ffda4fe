import { EarshotError } from '@earshot/client';
import { type FormEvent, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Field } from '../../../design/field.tsx';
import { PageFrame } from '../../../design/page-frame.tsx';
import { useAuth, useClient, useNetwork } from '../client.tsx';
import { failureWords } from '../words.ts';
import { NightScene } from './night-scene.tsx';

type Mode = 'new' | 'known';
type Place = 'email' | 'password' | 'form';

const least = 8;

/** Making an account and signing in: one form, because they ask for the same. */
export function SignIn() {
  const { auth } = useClient();
  const { status, user } = useAuth();
  const { connected } = useNetwork();
  const hasEnded = status === 'expired';
  const [mode, setMode] = useState<Mode>(hasEnded ? 'known' : 'new');
  const [problem, setProblem] = useState<{ readonly place: Place; readonly text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isNew = mode === 'new';

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const value = (name: string): string => String(new FormData(form).get(name) ?? '');
    const fail = (place: Place, text: string): void => {
      setProblem({ place, text });
      form.querySelector<HTMLInputElement>(`[name="${place === 'form' ? 'email' : place}"]`)?.focus();
    };
    const [name, email, password] = [value('name').trim(), value('email').trim(), value('password')];
    if (!/^\S+@\S+\.\S+$/.test(email))
      return fail('email', 'Please enter an e-mail address, like name@example.com.');
    if (password === '') return fail('password', 'Please enter a password.');
    if (isNew && password.length < least)
      return fail('password', `A password needs at least ${least} characters.`);
    setProblem(null);
    setBusy(true);
    try {
      if (isNew) await auth.signUp({ email, password, ...(name && { name }) });
      else await auth.signIn({ email, password });
    } catch (error) {
      setBusy(false);
      const { message, hint } = failureWords(error);
      const code = error instanceof EarshotError ? error.code : 'unknown';
      if (code === 'emailTaken') setMode('known');
      const text =
        code === 'offline' ? 'The server does not answer. Try again in a moment.' : `${message} ${hint}`;
      fail(code === 'invalidCredentials' || code.startsWith('password') ? 'password' : 'email', text);
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
          <h2 className="text-xl font-semibold tracking-tight">{isNew ? 'Make an account' : 'Sign in'}</h2>
          <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
            {isNew ? (
              <Field label="Your name (optional)" name="name" autoComplete="name" maxLength={100} />
            ) : null}
            <Field
              label="E-mail"
              name="email"
              type="email"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              defaultValue={hasEnded ? (user?.email ?? '') : ''}
              error={problem && problem.place !== 'password' ? problem.text : undefined}
            />
            <Field
              label="Password"
              name="password"
              type="password"
              autoComplete={isNew ? 'new-password' : 'current-password'}
              hint={isNew ? `At least ${least} characters.` : undefined}
              error={problem?.place === 'password' ? problem.text : undefined}
            />
            <Button
              type="submit"
              tone="primary"
              busy={isBusy}
              blocked={!connected && 'You are offline'}
              className="min-h-13 text-lg"
            >
              {isNew ? 'Begin' : 'Sign in'}
            </Button>
          </form>
          <p className="text-center text-muted">
            {isNew ? 'You have an account? ' : 'New here? '}
            <button
              type="button"
              className="min-h-11 font-medium text-ink underline underline-offset-4"
              onClick={() => {
                setMode(isNew ? 'known' : 'new');
                setProblem(null);
              }}
            >
              {isNew ? 'Sign in' : 'Make an account'}
            </button>
          </p>
        </Card>
      </div>
    </PageFrame>
  );
}
