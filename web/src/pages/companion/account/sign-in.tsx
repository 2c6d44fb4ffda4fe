import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Field } from '../../../design/field.tsx';
import { PageFrame } from '../../../design/page-frame.tsx';
import { sentence } from '../../../server/request.ts';
import { account, send } from '../server.ts';
import { EarPicture } from './ear-picture.tsx';

/** An account of this server: the same e-mail and password as in its other apps. */
const LEAST = 8;

/** Making an account and signing in. */
export function SignIn() {
  const queries = useQueryClient();
  const [isNew, setNew] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name) ?? '');
    const [email, password] = [value('email').trim(), value('password')];
    if (!/^\S+@\S+\.\S+$/.test(email))
      return setProblem('Please enter an e-mail address, like name@example.com.');
    if (isNew && password.length < LEAST) return setProblem(`A password needs at least ${LEAST} characters.`);
    setProblem(null);
    setBusy(true);
    try {
      await send('POST', `/api/auth/sign-${isNew ? 'up' : 'in'}/email`, {
        email,
        password,
        ...(isNew ? { name: value('name').trim() || email.split('@')[0] } : {}),
      });
      await queries.invalidateQueries({ queryKey: account.queryKey });
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
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
            />
            <Field
              label="Password"
              name="password"
              type="password"
              autoComplete={isNew ? 'new-password' : 'current-password'}
              hint={isNew ? `At least ${LEAST} characters.` : undefined}
              error={problem ?? undefined}
            />
            <Button type="submit" tone="primary" busy={isBusy} className="min-h-13 text-lg">
              {isNew ? 'Begin' : 'Sign in'}
            </Button>
          </form>
          <p className="text-center text-muted">
            {isNew ? 'You have an account? ' : 'New here? '}
            <button
              type="button"
              className="min-h-11 font-medium text-ink underline underline-offset-4"
              onClick={() => {
                setNew(!isNew);
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
