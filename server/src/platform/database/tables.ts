/** Rows of the tables that the platform owns. Apps describe their own tables in their own folder. */
export interface PlatformTables {
  schema_migrations: SchemaMigrationRow;
  users: UserRow;
  identities: IdentityRow;
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
}

/** A verified credential's name for a user: `issuer` says who vouches, `subject` whom for. */
export interface IdentityRow {
  issuer: string;
  subject: string;
  user_id: string;
  created_at: number;
}

/** What an owner has used of something that is limited: appended, summed by period. */
export interface UsageLedgerRow {
  id: string;
  owner: string;
  meter: string;
  amount: number;
  at: number;
}

/** When a recurring task last finished. */
export interface MaintenanceRunRow {
  name: string;
  finished_at: number;
}
