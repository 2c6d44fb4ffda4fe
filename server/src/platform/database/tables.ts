import type { Generated } from 'kysely';

/** Rows of the tables that the platform owns. Apps describe their own tables in their own folder. */
export interface PlatformTables {
  schema_migrations: SchemaMigrationRow;
  users: UserRow;
  merged_users: MergedUserRow;
  stored_bytes: StoredBytesRow;
  identities: IdentityRow;
  account_profiles: AccountProfileRow;
  account_logins: AccountLoginRow;
  account_sessions: AccountSessionRow;
  api_keys: ApiKeyRow;
  server_operators: ServerOperatorRow;
  usage_ledger: UsageLedgerRow;
  maintenance_runs: MaintenanceRunRow;
}

export interface SchemaMigrationRow {
  id: string;
  applied_at: number;
}

/** One person, whatever they signed in with. */
export interface UserRow {
  id: string;
  created_at: number;
  last_seen_at: number;
  /** Session tokens that were issued before this instant open nothing any more. */
  tokens_valid_from: Generated<number>;
}

/** A user who became part of another one: their media keep their names, and jobs may still name them. */
export interface MergedUserRow {
  former_id: string;
  user_id: string;
  merged_at: number;
}

/** How much media a user had in an app when it was last counted. */
export interface StoredBytesRow {
  owner: string;
  app: string;
  bytes: number;
  counted_at: number;
}

/** A verified credential's name for a user: `issuer` says who vouches, `subject` whom for. */
export interface IdentityRow {
  issuer: string;
  subject: string;
  user_id: string;
  created_at: number;
}

/** An e-mail account: what Better Auth calls a user. `email` is lower-case. */
export interface AccountProfileRow {
  user_id: string;
  email: string;
  email_verified: number;
  name: string;
  image: string | null;
  created_at: number;
  updated_at: number;
}

/** One way into an account: `credential` with a password hash, or a provider such as `apple` with its name for the user. */
export interface AccountLoginRow {
  id: string;
  user_id: string;
  provider_id: string;
  account_id: string;
  password_hash: string | null;
  created_at: number;
  updated_at: number;
}

/** One device's sign-in; the token is kept as its SHA-256 only. */
export interface AccountSessionRow {
  id: string;
  user_id: string;
  token_hash: string;
  expires_at: number;
  created_at: number;
  updated_at: number;
  ip_address: string;
  user_agent: string;
}

/** A key that a user made for a program; the key is kept as its SHA-256 only. */
export interface ApiKeyRow {
  id: string;
  user_id: string;
  kind: string;
  name: string;
  /** A JSON array. */
  scopes: string;
  prefix: string;
  key_hash: string;
  created_at: number;
  last_used_at: number | null;
}

/** An account that may see and mend the server itself. */
export interface ServerOperatorRow {
  user_id: string;
  named_at: number;
}

/** What an owner has used of something that is limited: appended, summed by period. */
export interface UsageLedgerRow {
  id: string;
  owner: string;
  meter: string;
  amount: number;
  at: number;
}

/** The task of `maintenance_runs` that stands for `earshot backup`. */
export const BACKUP_RUN = 'backup';

/** When a recurring task last finished. */
export interface MaintenanceRunRow {
  name: string;
  finished_at: number;
}
