import { type FormEvent, useState } from 'react';
import { Button } from './button.tsx';
import { Field } from './field.tsx';

/** What a person typed. */
export interface Credentials {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** What is wrong, and where to say it. */
export interface CredentialsProblem {
  readonly place: 'email' | 'password';
  readonly text: string;
  /** The account exists: show the form for signing in. */
  readonly isKnown?: boolean;
}

export interface CredentialsFormProps {
  /** Whether the form begins as one for a new account. */
  readonly startsNew: boolean;
  readonly defaultEmail?: string | undefined;
  /** Why nothing can be sent now. */
  readonly blocked?: string | false | undefined;
  /** Told whenever the form becomes one for a new account, or one for signing in. */
  readonly onMode?: ((isNew: boolean) => void) | undefined;
  /** @returns what is wrong, or null when the person is signed in */
  readonly submit: (credentials: Credentials, isNew: boolean) => Promise<CredentialsProblem | null>;
}

/** An account of this server has the same e-mail and password in all its apps. */
const LEAST = 8;

/** Making an account and signing in: one form, because they ask for the same. */
export function CredentialsForm({
  startsNew,
  defaultEmail = '',
  blocked,
  onMode,
  submit,
}: CredentialsFormProps) {
  const [isNew, setNew] = useState(startsNew);
  const [problem, setProblem] = useState<CredentialsProblem | null>(null);
  const [isBusy, setBusy] = useState(false);

  const become = (next: boolean): void => {
    setNew(next);
    onMode?.(next);
  };
  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const value = (name: string): string => String(given.get(name) ?? '');
    const fail = (wrong: CredentialsProblem): void => {
      setProblem(wrong);
      if (wrong.isKnown) become(false);
      form.querySelector<HTMLInputElement>(`[name="${wrong.place}"]`)?.focus();
    };
    const credentials = {
      name: value('name').trim(),
      email: value('email').trim(),
      password: value('password'),
    };
    const wrong = wrongWith(credentials, isNew);
    if (wrong) return fail(wrong);
    setProblem(null);
    setBusy(true);
    const refused = await submit(credentials, isNew).finally(() => setBusy(false));
    if (refused) fail(refused);
  };

  return (
    <>
      <h2 className="text-xl font-semibold tracking-tight">{isNew ? 'Make an account' : 'Sign in'}</h2>
      <form noValidate onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4">
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
          defaultValue={defaultEmail}
          error={problem?.place === 'email' ? problem.text : undefined}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          hint={isNew ? `At least ${LEAST} characters.` : undefined}
          error={problem?.place === 'password' ? problem.text : undefined}
        />
        <Button type="submit" tone="primary" busy={isBusy} blocked={blocked} className="min-h-13 text-lg">
          {isNew ? 'Begin' : 'Sign in'}
        </Button>
      </form>
      <p className="text-center text-muted">
        {isNew ? 'You have an account? ' : 'New here? '}
        <button
          type="button"
          className="min-h-11 font-medium text-ink underline underline-offset-4"
          onClick={() => {
            become(!isNew);
            setProblem(null);
          }}
        >
          {isNew ? 'Sign in' : 'Make an account'}
        </button>
      </p>
    </>
  );
}

function wrongWith({ email, password }: Credentials, isNew: boolean): CredentialsProblem | null {
  if (!/^\S+@\S+\.\S+$/.test(email))
    return { place: 'email', text: 'Please enter an e-mail address, like name@example.com.' };
  if (password === '') return { place: 'password', text: 'Please enter a password.' };
  if (isNew && password.length < LEAST)
    return { place: 'password', text: `A password needs at least ${LEAST} characters.` };
  return null;
}
