import { type FormEvent, type Ref, useId, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { faultOfKey, giveKey } from '../keeping/key.ts';

interface KeyFormProps {
  readonly field?: Ref<HTMLInputElement>;
  /** What the server said about the last one. */
  readonly refused?: string | undefined;
  readonly onGiven: () => void;
}

/** Takes the user's API key: a password field that no browser corrects or keeps, and where the key goes from here. */
export function KeyForm({ field, refused, onGiven }: KeyFormProps) {
  const id = useId();
  const [key, setKey] = useState('');
  const [isKept, setKept] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const error = fault ?? refused;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const given = key.trim();
    const found = faultOfKey(given);
    setFault(found);
    if (found) return;
    giveKey(given, isKept);
    setKey('');
    onGiven();
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-2.5" autoComplete="off" noValidate>
      <label htmlFor={id} className="font-medium">
        Your OpenAI API key
      </label>
      <div className="flex gap-2">
        <input
          ref={field}
          id={id}
          type="password"
          value={key}
          placeholder="sk-…"
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          data-1p-ignore
          maxLength={300}
          {...(error ? { 'aria-invalid': true } : {})}
          aria-describedby={`${id}-note`}
          onChange={({ currentTarget }) => {
            setKey(currentTarget.value);
            const given = currentTarget.value.trim();
            setFault(given === '' ? null : faultOfKey(given));
          }}
          className="min-h-11 w-full min-w-0 rounded-control border border-edge bg-surface px-3 text-base text-ink aria-invalid:border-danger"
        />
        <Button type="submit" tone="primary">
          Use
        </Button>
      </div>
      {error ? (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      ) : null}
      <label className="flex min-h-11 items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={isKept}
          onChange={({ currentTarget }) => setKept(currentTarget.checked)}
          className="size-5 accent-accent"
        />
        Keep it until this tab is closed
      </label>
      <p id={`${id}-note`} className="text-sm text-muted">
        It is used for your questions only and never stored on the server. The conversation stays in this
        browser.
      </p>
    </form>
  );
}
