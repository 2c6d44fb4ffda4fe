import type { FormEvent } from 'react';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import type { IconName } from '../../../design/icon.tsx';

interface AddLineProps {
  readonly label: string;
  /** The most characters. */
  readonly longest: number;
  readonly button?: string;
  readonly icon?: IconName;
  /** Gets the words without space around them; the field is emptied. */
  readonly onAdd: (words: string) => void;
}

/** One line of words that adds something to a list. */
export function AddLine({ label, longest, button = 'Add', icon = 'plus', onAdd }: AddLineProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get('words') ?? '').trim();
    if (!words) return;
    event.currentTarget.reset();
    onAdd(words);
  };
  return (
    <form onSubmit={submit} className="flex items-end gap-3">
      <div className="min-w-0 flex-1">
        <Field label={label} name="words" maxLength={longest} autoComplete="off" />
      </div>
      <Button type="submit" icon={icon}>
        {button}
      </Button>
    </form>
  );
}
