import type { ReactNode } from 'react';

/** One of several, as a card. */
export function Option(props: {
  readonly name: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly className: string;
  readonly children: ReactNode;
}) {
  const { name, isChosen, onChoose, className, children } = props;
  return (
    <label
      className={`relative cursor-pointer border transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${
        isChosen ? 'border-accent bg-accent-soft' : 'border-line bg-surface hover:bg-hover'
      } ${className}`}
    >
      <input
        type="radio"
        name={name}
        checked={isChosen}
        onChange={onChoose}
        className="pointer-events-none absolute inset-0 opacity-0"
      />
      {children}
    </label>
  );
}

/** A kind of day: its name, and what it is about. */
export function DayWords({ name, about }: { name: string; about: string }) {
  return (
    <span className="flex min-w-0 flex-col">
      <span className="font-medium">{name}</span>
      <span className="line-clamp-2 text-sm text-muted">{about}</span>
    </span>
  );
}
