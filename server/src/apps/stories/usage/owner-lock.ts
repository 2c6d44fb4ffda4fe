import type { Database, Transaction } from '../../../platform/database/database.js';

/**
 * Lets one transaction of a user at a time go on from here, over all nodes. SQLite has one writer anyway; PostgreSQL locks
 * the user's row, which foreign keys to it do not wait for. Taken before the number of `changes.next`.
 */
export async function lockOwner(database: Database, tx: Transaction, userId: string): Promise<void> {
  if (database.dialect === 'sqlite') return;
  await tx.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().execute();
}
