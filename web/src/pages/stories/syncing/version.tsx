import type { EntityValue } from '@earshot/client';
import type { ReactNode } from 'react';
import { differences, type Piece } from './differences.ts';

/** A field as it is read: lists by commas, nothing as an empty text. */
export const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value === null || value === undefined ? '' : String(value);

/** One of two versions, with what the other one has not marked. */
export function Version(props: {
  readonly title: string;
  readonly fields: readonly { readonly name: string; readonly label: string }[];
  readonly own: EntityValue;
  readonly other: EntityValue | null;
}) {
  const { title, fields, own, other } = props;
  return (
    <VersionFrame title={title}>
      <dl className="flex flex-col gap-3">
        {fields
          .filter(({ name }) => textOf(own[name]) !== '' || textOf(other?.[name]) !== '')
          .map(({ name, label }) => (
            <div key={name}>
              <dt className="text-xs font-medium text-muted">{label}</dt>
              <dd className="font-serif whitespace-pre-line [overflow-wrap:anywhere]">
                <Marked
                  pieces={differences(textOf(own[name]), other ? textOf(other[name]) : textOf(own[name]))}
                />
              </dd>
            </div>
          ))}
      </dl>
    </VersionFrame>
  );
}

/** The frame of a version. */
export function VersionFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="flex min-w-0 flex-col gap-3 rounded-control border border-line p-4"
    >
      <h3 className="font-semibold">{title}</h3>
      <Scrolled className="max-h-[38dvh]">{children}</Scrolled>
    </section>
  );
}

/** What scrolls by itself, also by keyboard. */
export function Scrolled({ className, children }: { className: string; children: ReactNode }) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={`overflow-y-auto ${className}`}
    >
      {children}
    </div>
  );
}

function Marked({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map(({ text: words, isOwn, at }) =>
    isOwn ? (
      <mark key={at} className="rounded-sm bg-amber-soft px-0.5 text-amber">
        {words}
      </mark>
    ) : (
      <span key={at}>{words}</span>
    ),
  );
}
