import { type FormEvent, type Ref, useState } from 'react';
import { IconButton } from '../../../design/button.tsx';

interface WritingProps {
  readonly field: Ref<HTMLInputElement>;
  readonly maxLength: number;
  readonly onAsk: (text: string) => void;
}

/** For whoever cannot, or will not, speak. */
export function Writing({ field, maxLength, onAsk }: WritingProps) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const question = text.trim();
    if (question === '') return;
    setText('');
    onAsk(question);
  };
  return (
    <form onSubmit={submit} className="flex w-full gap-2">
      <input
        ref={field}
        aria-label="Type your question"
        placeholder="Type your question"
        value={text}
        maxLength={maxLength}
        enterKeyHint="send"
        autoComplete="off"
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        className="min-h-11 w-full min-w-0 rounded-full border border-edge bg-surface px-4 text-base text-ink"
      />
      <IconButton type="submit" tone="primary" icon="send" label="Send" className="rounded-full!" />
    </form>
  );
}
