import { sql } from 'kysely';
import type { Database, Dialect, Transaction } from './database.js';

/** One step of the schema. Steps are applied once each, in the order of the list, and are never edited once released. */
export interface Migration {
  /** Unique and stable: `<owner>-<number>-<what>`, for example `speech-001-audio-files`. */
  readonly id: string;
  /** The statements, in order; a function when the dialects need different ones. */
  readonly statements: readonly string[] | ((dialect: Dialect) => readonly string[]);
}

/** An arbitrary number that all nodes of one cluster share, so that only one of them migrates at a time. */
const MIGRATION_LOCK = 7_241_093;

/**
 * Brings the schema up to date in one transaction: either every missing step is applied or none.
 *
 * @returns the ids of the steps that were applied now
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  now: number,
): Promise<string[]> {
  refuseDuplicates(migrations);
  return database.transaction(async (tx) => {
    if (database.dialect === 'postgres')
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx);
    await sql`create table if not exists schema_migrations (id text primary key, applied_at bigint not null)`.execute(
      tx,
    );
    const applied = new Set(
      (await tx.selectFrom('schema_migrations').select('id').execute()).map((row) => row.id),
    );
    const missing = migrations.filter((migration) => !applied.has(migration.id));
    for (const migration of missing) await apply(tx, migration, database.dialect, now);
    return missing.map((migration) => migration.id);
  });
}

async function apply(tx: Transaction, migration: Migration, dialect: Dialect, now: number): Promise<void> {
  const { statements } = migration;
  for (const statement of typeof statements === 'function' ? statements(dialect) : statements) {
    await sql.raw(statement).execute(tx);
  }
  await tx.insertInto('schema_migrations').values({ id: migration.id, applied_at: now }).execute();
}

function refuseDuplicates(migrations: readonly Migration[]): void {
  const ids = new Set<string>();
  for (const { id } of migrations) {
    if (ids.has(id))
      throw new Error(`Two migrations are both called ${id}; every migration needs its own id.`);
    ids.add(id);
  }
}

/** Tables that every app stands on. */
export const platformMigrations: readonly Migration[] = [
  {
    id: 'platform-001-users',
    statements: [
      `create table users (
        id text primary key,
        created_at bigint not null,
        last_seen_at bigint not null
      )`,
      `create table identities (
        issuer text not null,
        subject text not null,
        user_id text not null references users(id) on delete cascade,
        created_at bigint not null,
        primary key (issuer, subject)
      )`,
      'create index identities_by_user on identities(user_id)',
    ],
  },
  {
    id: 'platform-002-usage',
    statements: [
      `create table usage_ledger (
        id text primary key,
        owner text not null,
        meter text not null,
        amount bigint not null,
        at bigint not null
      )`,
      'create index usage_ledger_by_owner on usage_ledger(owner, meter, at)',
      'create index usage_ledger_by_age on usage_ledger(at)',
      `create table maintenance_runs (
        name text primary key,
        finished_at bigint not null
      )`,
    ],
  },
  {
    id: 'platform-003-accounts',
    statements: [
      `create table account_profiles (
        user_id text primary key references users(id) on delete cascade,
        email text not null unique,
        email_verified bigint not null,
        name text not null,
        image text,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      `create table account_logins (
        id text primary key,
        user_id text not null references users(id) on delete cascade,
        provider_id text not null,
        account_id text not null,
        password_hash text,
        created_at bigint not null,
        updated_at bigint not null,
        unique (provider_id, account_id)
      )`,
      'create index account_logins_by_user on account_logins(user_id)',
      `create table account_sessions (
        id text primary key,
        user_id text not null references users(id) on delete cascade,
        token_hash text not null unique,
        expires_at bigint not null,
        created_at bigint not null,
        updated_at bigint not null,
        ip_address text not null,
        user_agent text not null
      )`,
      'create index account_sessions_by_user on account_sessions(user_id, created_at)',
      'create index account_sessions_by_expiry on account_sessions(expires_at)',
      `create table api_keys (
        id text primary key,
        user_id text not null references users(id) on delete cascade,
        kind text not null,
        name text not null,
        scopes text not null,
        prefix text not null,
        key_hash text not null unique,
        created_at bigint not null,
        last_used_at bigint
      )`,
      'create index api_keys_by_user on api_keys(user_id, created_at)',
    ],
  },
  {
    id: 'platform-004-server-operators',
    statements: [
      `create table server_operators (
        user_id text primary key references users(id) on delete cascade,
        named_at bigint not null
      )`,
    ],
  },
  {
    id: 'platform-005-merged-users',
    statements: [
      `create table merged_users (
        former_id text primary key,
        user_id text not null references users(id) on delete cascade,
        merged_at bigint not null
      )`,
      'create index merged_users_by_user on merged_users(user_id)',
      'alter table users add column tokens_valid_from bigint not null default 0',
    ],
  },
  {
    id: 'platform-006-stored-bytes',
    statements: [
      `create table stored_bytes (
        owner text not null references users(id) on delete cascade,
        app text not null,
        bytes bigint not null,
        counted_at bigint not null,
        primary key (owner, app)
      )`,
    ],
  },
];
