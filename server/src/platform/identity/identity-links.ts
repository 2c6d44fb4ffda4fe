import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Dialect, Transaction } from '../database/database.js';
import type { IdentityRow } from '../database/tables.js';
import { errors } from '../http/errors.js';
import type { Revocations } from './revocations.js';

/** A way in, as its owner may see it. */
export interface IdentityLink {
  /** Names it without telling the subject. */
  readonly id: string;
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly linkedAt: number;
}

/** Moves what an app keeps of one user to another, in the transaction that joins them; leaves what cannot be moved. */
export type MoveUser = (tx: Transaction, from: string, to: string) => Promise<void>;

/** The ways into one account: several identities that name one user. */
export interface IdentityLinks {
  /** Oldest first. */
  list(userId: string): Promise<readonly IdentityLink[]>;
  /**
   * Makes all identities of `from` name `to`, and removes `from`. Nothing is lost: what apps do not move keeps both apart.
   * The caller has verified credentials of both.
   *
   * @throws AppError 409 when `from` still owns anything afterwards, 404 when either is gone
   */
  join(from: string, to: string): Promise<void>;
  /**
   * The identity names nobody any more: who comes by it next is a new user.
   *
   * @throws AppError 404 when the user has no such identity, 409 for the last one
   */
  unlink(userId: string, id: string): Promise<void>;
  /** For apps, at their installation. */
  onJoin(move: MoveUser): void;
}

export function createIdentityLinks(database: Database, revocations: Revocations): IdentityLinks {
  const moves: MoveUser[] = [];
  const rowsOf = (db: Database['read'], userId: string) =>
    db
      .selectFrom('identities')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .orderBy('issuer')
      .execute();

  return {
    list: async (userId) => (await rowsOf(database.read, userId)).map(linkOf),
    join: async (from, to) => {
      if (from === to) return;
      await database.transaction(async (tx) => {
        // Locked, so that nothing of theirs is written between the look and the removal.
        for (const userId of [from, to].sort()) {
          const user = tx.selectFrom('users').select('id').where('id', '=', userId);
          const found = await (database.dialect === 'postgres' ? user.forUpdate() : user).executeTakeFirst();
          if (!found) throw errors.notFound('This user is gone.');
        }
        for (const move of moves) await move(tx, from, to);
        await tx.updateTable('identities').set({ user_id: to }).where('user_id', '=', from).execute();
        await tx.updateTable('usage_ledger').set({ owner: to }).where('owner', '=', from).execute();
        if (await ownsAnything(tx, database.dialect, from)) throw ownsData();
        await tx.deleteFrom('users').where('id', '=', from).execute();
      });
      await revocations.announce({ userId: from });
    },
    unlink: async (userId, id) => {
      await database.transaction(async (tx) => {
        const rows = await rowsOf(tx, userId);
        const row = rows.find((one) => linkOf(one).id === id);
        if (!row) throw errors.notFound('This account has no such sign-in.');
        if (rows.length === 1) throw errors.conflict('This is the only way into the account.');
        await tx
          .deleteFrom('identities')
          .where('issuer', '=', row.issuer)
          .where('subject', '=', row.subject)
          .where('user_id', '=', userId)
          .execute();
      });
      // Tokens of that identity are believed for some seconds; whoever came by another one is verified again.
      await revocations.announce({ userId });
    },
    onJoin: (move) => {
      moves.push(move);
    },
  };
}

const ownsData = () =>
  errors.conflict(
    'This sign-in has things of its own on this server, which cannot be moved to your account. Nothing was changed.',
  );

const linkOf = ({ issuer, subject, created_at }: IdentityRow): IdentityLink => ({
  id: createHash('sha256').update(`${issuer}\n${subject}`).digest('base64url').slice(0, 22),
  issuer,
  linkedAt: created_at,
});

/** Asked of the schema, so that a table that is added some day is not forgotten here and its rows with it. */
async function ownsAnything(tx: Transaction, dialect: Dialect, userId: string): Promise<boolean> {
  const { rows } = await REFERENCES[dialect].execute(tx);
  for (const { source, field } of rows) {
    const found =
      await sql`select 1 from ${sql.table(source)} where ${sql.ref(field)} = ${userId} limit 1`.execute(tx);
    if (found.rows.length > 0) return true;
  }
  return false;
}

interface Reference {
  readonly source: string;
  readonly field: string;
}

/** Which columns point to `users`. */
const REFERENCES = {
  sqlite: sql<Reference>`select tables.name as source, keys."from" as field
    from sqlite_master tables join pragma_foreign_key_list(tables.name) keys
    where tables.type = 'table' and keys."table" = 'users'`,
  postgres: sql<Reference>`select source.relname as source, field.attname as field
    from pg_constraint
    join pg_class source on source.oid = conrelid and source.relnamespace = current_schema()::regnamespace
    join pg_class target on target.oid = confrelid
    join pg_attribute field on field.attrelid = conrelid and field.attnum = any(conkey)
    where contype = 'f' and target.relname = 'users'`,
} as const;
