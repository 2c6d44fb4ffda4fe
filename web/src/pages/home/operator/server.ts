import { queryOptions } from '@tanstack/react-query';
import { readAsAccount } from '../../../server/account.ts';

export interface FailedJob {
  readonly id: string;
  readonly name: string;
  readonly reason: string;
  readonly attempts: number;
  readonly failed_at: string;
  readonly can_retry: boolean;
}

/** GET /api/operator/jobs. */
export interface Jobs {
  readonly queued: number;
  readonly running: number;
  readonly failed: number;
  readonly kinds: readonly { readonly name: string; readonly waiting: number }[];
  readonly failures: readonly FailedJob[];
}

export const jobs = queryOptions({
  queryKey: ['operator', 'jobs'],
  queryFn: ({ signal }) => readAsAccount<Jobs>('/api/operator/jobs', signal),
  refetchInterval: 5_000,
});

/** GET /api/operator/storage. */
export interface Storage {
  readonly database: { readonly dialect: string; readonly bytes: number | null };
  readonly media: {
    readonly place: 'files' | 's3';
    readonly bytes: number;
    readonly objects: number;
    readonly is_complete: boolean;
  };
  readonly disk: { readonly bytes: number; readonly free_bytes: number };
  readonly last_backup_at: string | null;
}

export const storage = queryOptions({
  queryKey: ['operator', 'storage'],
  queryFn: ({ signal }) => readAsAccount<Storage>('/api/operator/storage', signal),
  staleTime: 30_000,
});

export interface LoggedError {
  readonly time: string;
  readonly message: string;
  readonly type: string | null;
  readonly detail: string | null;
  readonly request_id: string | null;
}

export const loggedErrors = queryOptions({
  queryKey: ['operator', 'errors'],
  queryFn: async ({ signal }) =>
    (await readAsAccount<{ readonly errors: readonly LoggedError[] }>('/api/operator/errors', signal)).errors,
  refetchInterval: 15_000,
});
