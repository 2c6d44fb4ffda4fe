import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly picture?: ReactNode;
  readonly action?: ReactNode;
}

/** What stands where things will be: says what belongs here and how to get the first one. */
export function EmptyState({ title, children, picture, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      {picture}
      <p className="text-lg font-semibold">{title}</p>
      <div className="max-w-sm text-muted">{children}</div>
      {action ? <div className="mt-2">{action}</div> : null}
    </div>
  );
}
