import { type FormEvent, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Field } from '../../../design/field.tsx';
import { PageFrame } from '../../../design/page-frame.tsx';
import { useConnection } from '../../../server/connection.ts';
import { sentence } from '../../../server/request.ts';
import { auth } from '../api.ts';
import { usePlace } from '../place.ts';
import { beginSession } from '../session.ts';
import type { NewApp } from './store-key.tsx';

type Mode = 'sign-in' | 'sign-up' | 'invitation';

const words = {
  'sign-in': { title: 'Sign in to the inbox', action: 'Sign in' },
  'sign-up': { title: 'Start a new inbox', action: 'Create the inbox' },
  invitation: { title: 'Join your team', action: 'Join the team' },
} as const;

const least = 8;

interface SignInProps {
  readonly endedBecause: string | null;
  /** Calls when an account was made together with an app, whose key has to be stored before the inbox is shown. */
  readonly onNewApp: (app: NewApp) => void;
}

/** Signing in, signing up and accepting an invitation: one form, because they ask for the same. */
export function SignIn({ endedBecause, onNewApp }: SignInProps) {
  const { place, go } = usePlace();
  const online = useConnection() === 'online';
  const [mode, setMode] = useState<Mode>(place.invite ? 'invitation' : 'sign-in');
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name) ?? '');
    const email = value('email').trim();
    const password = value('password');
    if (!email || !password) return setProblem('Please fill in e-mail and password.');
    if (mode !== 'sign-in' && password.length < least)
      return setProblem(`A password needs at least ${least} characters.`);
    setProblem(undefined);
    setBusy(true);
    try {
      if (mode === 'sign-up') {
        const answer = await auth.signUp(email, password, value('app').trim());
        onNewApp({ ...answer.app, begin: () => beginSession(answer) });
      } else if (mode === 'invitation') {
        beginSession(await auth.acceptInvitation(place.invite ?? '', email, password));
        go({ view: 'inbox' }, true);
      } else {
        beginSession(await auth.signIn(email, password));
      }
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <PageFrame title={`${words[mode].title} · Earshot`} section="Support">
      <div className="mx-auto flex max-w-md flex-col gap-6 py-8 sm:py-16">
        <div className="flex flex-col gap-2">
          <h1 className="text-3xl font-semibold tracking-tight">{words[mode].title}</h1>
          {mode === 'invitation' ? (
            <p className="text-muted">
              Use the e-mail address that the invitation was made for, and choose a password.
            </p>
          ) : null}
          {mode === 'sign-up' ? (
            <p className="text-muted">
              For your own app. To join an existing team, ask it for an invitation.
            </p>
          ) : null}
        </div>
        {endedBecause ? (
          <Banner tone="amber" icon="key">
            You were signed out: {endedBecause}
          </Banner>
        ) : null}
        <Card className="p-6 sm:p-8">
          <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4" noValidate>
            {mode === 'sign-up' ? (
              <Field label="Name of your app" name="app" autoComplete="organization" maxLength={200} />
            ) : null}
            <Field
              label="E-mail"
              name="email"
              type="email"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
            />
            <Field
              label="Password"
              name="password"
              type="password"
              autoComplete={mode === 'sign-in' ? 'current-password' : 'new-password'}
              hint={mode === 'sign-in' ? undefined : `At least ${least} characters.`}
              error={problem}
            />
            <Button
              type="submit"
              tone="primary"
              busy={busy}
              blocked={!online && 'The server cannot be reached'}
            >
              {words[mode].action}
            </Button>
          </form>
        </Card>
        <p className="text-center text-muted">
          {mode === 'sign-in' ? 'New here? ' : 'You have an account? '}
          <button
            type="button"
            className="min-h-11 font-medium text-ink underline underline-offset-4"
            onClick={() => {
              setMode(mode === 'sign-in' ? 'sign-up' : 'sign-in');
              setProblem(undefined);
            }}
          >
            {mode === 'sign-in' ? 'Start a new inbox' : 'Sign in'}
          </button>
        </p>
      </div>
    </PageFrame>
  );
}
