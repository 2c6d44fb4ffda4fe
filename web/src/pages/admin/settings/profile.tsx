import { type FormEvent, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Field } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { api } from '../api.ts';
import { beginSession } from '../session.ts';
import type { SectionProps } from './index.tsx';
import { Section } from './section.tsx';

const least = 8;

export function ProfileSection({ operator }: SectionProps) {
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const current = String(form.get('current') ?? '');
    const next = String(form.get('next') ?? '');
    if (!current) return setProblem('Please fill in your current password.');
    if (next.length < least) return setProblem(`A password needs at least ${least} characters.`);
    setProblem(undefined);
    setBusy(true);
    try {
      beginSession(await api.changePassword(current, next));
      element.reset();
      notify('Your password is changed. Every other sign-in of yours has ended.');
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title="Profile" under={operator.email}>
      <Card className="max-w-md p-6">
        <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
          <h3 className="font-semibold">Change the password</h3>
          <input type="hidden" autoComplete="username" value={operator.email} readOnly />
          <Field label="Current password" name="current" type="password" autoComplete="current-password" />
          <Field
            label="New password"
            name="next"
            type="password"
            autoComplete="new-password"
            hint={`At least ${least} characters.`}
            error={problem}
          />
          <Button type="submit" tone="primary" busy={busy} className="self-start">
            Change the password
          </Button>
        </form>
      </Card>
    </Section>
  );
}
