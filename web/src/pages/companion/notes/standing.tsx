import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { sentence } from '../../../server/request.ts';

/** Something is being fetched or made; shown when it takes longer than a moment. */
export function Waiting({ words }: { words: string }) {
  return (
    <p role="status" className="flex items-center gap-3 py-6 text-muted">
      <span className="relative h-1 w-16 overflow-hidden rounded-full bg-sunken">
        <span className="absolute inset-y-0 w-1/3 animate-sweep rounded-full bg-accent" />
      </span>
      {words}
    </p>
  );
}

export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <Banner tone="danger" icon="warning" action={<Button onClick={retry}>Try again</Button>}>
      {sentence(error)}
    </Banner>
  );
}

/** What was asked for, or why it is not there (yet). */
export function Asked<T>(props: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { query, children } = props;
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Waiting words="Fetching …" />;
}
