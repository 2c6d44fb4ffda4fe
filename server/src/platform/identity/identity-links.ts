import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from '../clock.js';
import type { Database, Dialect, Transaction } from '../database/database.js';
import type { IdentityRow } from '../database/tables.js';
import { errors } from '../http/errors.js';
import { joinStoredBytes } from '../media/stored-bytes.js';
import type { Revocations } from './revocations.js';
import type { Users } from './users.js';

/** A way in, as its owner may see it. */
export interface IdentityLink {
  /** Names it without telling the subject. */
  readonly id: string;
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly linkedAt: number;
}

/** How an app has one user take in another. */
export interface Adoption {
  /**
   * In the transaction that joins them: settles what both have and only one can keep, and moves what names its owner without
   * a foreign key. Every row that is left then and refers to `from` becomes `to`'s by itself.
   */
  adopt(tx: Transaction, from: string, to: string): Promise<void>;
  /** After its commit. */
  adopted?(from: string, to: string): Promise<void>;
}

/** The ways into one account: several identities that name one user. */
export interface IdentityLinks {
  /** Oldest first. */
  list(userId: string): Promise<readonly IdentityLink[]>;
  /**
   * Makes `to` take in `from`: all identities of `from` name `to`, and all that was theirs is `to`'s, in every app, in one
   * transaction. Its media stay under their names. The caller has verified credentials of both.
   *
   * @throws AppError 409 when `from` is an e-mail account itself, 404 when either is gone
   */
  join(from: string, to: string): Promise<void>;
  /**
   * The identity names nobody any more: who comes by it next is a new user. What came with it stays. Session tokens of the
   * user end, because they do not tell by which identity they were come by.
   *
   * @throws AppError 404 when the user has no such identity, 409 for the last one
   */
  unlink(userId: string, id: string): Promise<void>;
  /** For apps, at their installation. */
  onJoin(adoption: Adoption): void;
}

export function createIdentityLinks(parts: {
  readonly clock: Clock;
  readonly database: Database;
  readonly revocations: Revocations;
  readonly users: Pick<Users, 'endTokens'>;
}): IdentityLinks {
  const { clock, database, revocations, users } = parts;
  const adoptions: Adoption[] = [];
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
        if (await isAccount(tx, from)) throw anotherAccount();
        for (const { adopt } of adoptions) await adopt(tx, from, to);
        await tx.updateTable('usage_ledger').set({ owner: to }).where('owner', '=', from).execute();
        await joinStoredBytes(tx, from, to);
        await moveReferences(tx, database.dialect, from, to);
        await tx
          .insertInto('merged_users')
          .values({ former_id: from, user_id: to, merged_at: clock.now() })
          .execute();
        await tx.deleteFrom('users').where('id', '=', from).execute();
      });
      await revocations.announce({ userId: from });
      for (const { adopted } of adoptions) await adopted?.(from, to);
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
      await users.endTokens(userId);
    },
    onJoin: (adoption) => {
      adoptions.push(adoption);
    },
  };
}

const anotherAccount = () =>
  errors.conflict(
    'This sign-in opens another e-mail account. Sign in there with its address, take it off under “Ways in”, and link it here then. Nothing was changed.',
  );

const isAccount = async (tx: Transaction, userId: string): Promise<boolean> =>
  (await tx
    .selectFrom('account_profiles')
    .select('user_id')
    .where('user_id', '=', userId)
    .executeTakeFirst()) !== undefined;

const linkOf = ({ issuer, subject, created_at }: IdentityRow): IdentityLink => ({
  id: createHash('sha256').update(`${issuer}\n${subject}`).digest('base64url').slice(0, 22),
  issuer,
  linkedAt: created_at,
});

/** Asked of the schema, so that a table that is added some day is not forgotten here, and its rows lost. */
async function moveReferences(tx: Transaction, dialect: Dialect, from: string, to: string): Promise<void> {
  const { rows } = await REFERENCES[dialect].execute(tx);
  for (const { source, field } of rows) {
    const column = sql.ref(field);
    await sql`update ${sql.table(source)} set ${column} = ${to} where ${column} = ${from}`.execute(tx);
  }
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
