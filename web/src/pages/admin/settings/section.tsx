import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button, Spinner } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { sentence } from '../../../server/request.ts';

interface SectionProps {
  readonly title: string;
  readonly under: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of one subject of the settings. */
export function Section({ title, under, action, children }: SectionProps) {
  return (
    <section aria-labelledby="section" className="flex min-w-0 flex-col gap-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="max-w-xl">
          <h2 id="section" className="text-lg font-semibold">
            {title}
          </h2>
          <p className="text-muted">{under}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}

/** A list that is loaded, could not be loaded, is empty, or is there. */
export function Loaded<T>(props: {
  readonly query: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}) {
  const { query, children } = props;
  if (query.isPending) {
    return (
      <p role="status" className="flex gap-3 py-8 text-muted">
        <Spinner />
        Loading
      </p>
    );
  }
  if (query.isError) {
    return (
      <EmptyState
        title="This could not be loaded"
        action={
          <Button icon="retry" busy={query.isFetching} onClick={() => void query.refetch()}>
            Try again
          </Button>
        }
      >
        {sentence(query.error)}
      </EmptyState>
    );
  }
  return children(query.data);
}

export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface"
    >
      {children}
    </ul>
  );
}

interface ConfirmProps {
  readonly open: boolean;
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ open, title, children, action, busy = false, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog
      open={open}
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button data-first onClick={onClose}>
            Cancel
          </Button>
          <Button tone="danger" busy={busy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="text-muted">{children}</div>
    </Dialog>
  );
}
