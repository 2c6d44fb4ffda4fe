import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { sentence } from '../../../server/request.ts';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** A sentence below the title. */
  readonly about?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ id, title, about, action, children }: SectionProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="flex min-w-0 flex-col gap-4">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id={`${id}-title`} className="text-xl font-semibold tracking-tight">
            {title}
          </h2>
          {about ? <p className="max-w-xl text-sm text-muted">{about}</p> : null}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}

interface AskedProps<T> {
  readonly query: UseQueryResult<T>;
  /** What is being asked for, as in "Asking for your devices". */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** What a query has brought, or why it has not. What was there before stays on view while asking anew fails. */
export function Asked<T>({ query, what, children }: AskedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <Banner
        tone="danger"
        icon="warning"
        action={
          <Button icon="retry" busy={query.isFetching} onClick={() => void query.refetch()}>
            Ask again
          </Button>
        }
      >
        {sentence(query.error)}
      </Banner>
    );
  }
  return (
    <div aria-busy="true" className="h-24 animate-pulse rounded-card bg-sunken">
      <p role="status" className="sr-only">
        Asking for {what}
      </p>
    </div>
  );
}

/** One thing of a list: picture, words, what can be done. */
export function Row({
  icon,
  title,
  detail,
  action,
}: {
  icon: ReactNode;
  title: ReactNode;
  detail: ReactNode;
  action?: ReactNode;
}) {
  return (
    <li className="flex min-h-16 items-center gap-3 border-b border-line py-2 last:border-b-0">
      <span className="grid size-10 shrink-0 place-items-center rounded-control bg-accent-soft text-accent">
        {icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-medium wrap-anywhere">{title}</span>
        <span className="block text-sm text-muted wrap-anywhere">{detail}</span>
      </span>
      {action}
    </li>
  );
}
