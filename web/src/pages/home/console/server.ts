import { queryOptions } from '@tanstack/react-query';
import { readAsAccount } from '../../../server/account.ts';
import type { AppName } from '../../../server/info.ts';

/** GET /api/account. */
export interface Account {
  readonly id: string;
  readonly is_operator: boolean;
  readonly server_has_operator: boolean;
}

export const account = queryOptions({
  queryKey: ['account', 'self'],
  queryFn: ({ signal }) => readAsAccount<Account>('/api/account', signal),
});

export interface AppUsage {
  readonly app: AppName;
  readonly title: string;
  readonly stored_bytes: number | null;
  readonly series: readonly {
    readonly unit: string;
    readonly total: number;
    readonly counts: readonly number[];
  }[];
}

/** GET /api/account/usage. */
export interface Usage {
  /** UTC days, oldest first. */
  readonly days: readonly string[];
  readonly apps: readonly AppUsage[];
}

export const usage = queryOptions({
  queryKey: ['account', 'usage'],
  queryFn: ({ signal }) => readAsAccount<Usage>('/api/account/usage?days=14', signal),
});

export interface Session {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly current: boolean;
}

export const sessions = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => readAsAccount<readonly Session[]>('/api/auth/list-sessions', signal),
});

export type IdentityKind = 'email' | 'apple' | 'firebase' | 'speech-key' | 'other';

export interface Identity {
  readonly id: string;
  readonly kind: IdentityKind;
  readonly linked_at: string;
  readonly can_unlink: boolean;
}

export const identities = queryOptions({
  queryKey: ['account', 'identities'],
  queryFn: async ({ signal }) =>
    (await readAsAccount<{ readonly identities: readonly Identity[] }>('/api/account/identities', signal))
      .identities,
});

export interface Key {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly prefix: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
}

export const keys = queryOptions({
  queryKey: ['account', 'keys'],
  queryFn: async ({ signal }) =>
    (await readAsAccount<{ readonly keys: readonly Key[] }>('/api/account/keys', signal)).keys,
});
