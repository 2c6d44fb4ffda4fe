import { sql } from 'kysely';
import type { Transaction } from './database.js';

/**
 * Runs a part of a transaction that may fail alone: when `work` throws, what it wrote is undone, the error is passed on,
 * and the transaction can go on.
 */
export async function inSavepoint<T>(tx: Transaction, work: () => Promise<T>): Promise<T> {
  await sql`savepoint part`.execute(tx);
  try {
    const result = await work();
    await sql`release savepoint part`.execute(tx);
    return result;
  } catch (error) {
    await sql`rollback to savepoint part`.execute(tx);
    await sql`release savepoint part`.execute(tx);
    throw error;
  }
}
