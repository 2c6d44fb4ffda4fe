import type { ReactNode } from 'react';

/** A number and what it counts. */
export function Figure({
  value,
  words,
  isBad = false,
}: {
  value: string;
  words: ReactNode;
  isBad?: boolean;
}) {
  return (
    <div className="flex flex-col rounded-card border border-line bg-surface px-4 py-3">
      <dt className="order-last text-sm text-muted">{words}</dt>
      <dd className={`text-2xl font-semibold tracking-tight tabular-nums ${isBad ? 'text-danger' : ''}`}>
        {value}
      </dd>
    </div>
  );
}
