import type { Selectable } from 'kysely';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { AccountSessionRow } from '../../database/tables.js';
import type { Revocations } from '../revocations.js';
import type { AccountSession } from './accounts.js';
import { hashOfToken } from './session-credentials.js';

/** Contract stories §2.3: thirty days from the last renewal, renewed by use once a day. */
export const SESSION_SECONDS = 30 * 24 * 3_600;
export const RENEWED_AFTER_SECONDS = 24 * 3_600;

/** The living sessions of e-mail accounts. What revokes one tells every node. */
export interface AccountSessions {
  /** The session of a raw token, renewed when it is due; null when it is over or never was. */
  find(token: string): Promise<AccountSession | null>;
  /** Thirty more days. Null when it is over. */
  renew(token: string): Promise<AccountSession | null>;
  /** True while the session lives. */
  isAlive(sessionId: string): Promise<boolean>;
  /** Newest first. */
  list(userId: string): Promise<readonly AccountSession[]>;
  /** @returns false when the user has no such session */
  revoke(userId: string, sessionId: string): Promise<boolean>;
  /** All of the user's, or all but one. @returns how many */
  revokeAll(userId: string, except?: string): Promise<number>;
  /** Forgets what has expired. @returns how many */
  sweep(): Promise<number>;
}

export function createAccountSessions(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly revocations: Revocations;
}): AccountSessions {
  const { database, clock, revocations } = parts;

  const living = async (token: string) => {
    const row = await database.read
      .selectFrom('account_sessions')
      .selectAll()
      .where('token_hash', '=', hashOfToken(token))
      .executeTakeFirst();
    return row && row.expires_at > clock.now() ? row : null;
  };

  const renewed = async (row: Selectable<AccountSessionRow>): Promise<AccountSession | null> => {
    const now = clock.now();
    const expiresAt = now + SESSION_SECONDS * 1_000;
    const isThere = await database.transaction(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('account_sessions')
        .set({ expires_at: expiresAt, updated_at: now })
        .where('id', '=', row.id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
    return isThere ? sessionOf({ ...row, expires_at: expiresAt, updated_at: now }) : null;
  };

  return {
    find: async (token) => {
      const row = await living(token);
      if (!row) return null;
      const isDue = clock.now() - row.updated_at > RENEWED_AFTER_SECONDS * 1_000;
      return isDue ? renewed(row) : sessionOf(row);
    },
    renew: async (token) => {
      const row = await living(token);
      return row ? renewed(row) : null;
    },
    isAlive: async (sessionId) => {
      const row = await database.read
        .selectFrom('account_sessions')
        .select('expires_at')
        .where('id', '=', sessionId)
        .executeTakeFirst();
      return row !== undefined && row.expires_at > clock.now();
    },
    list: async (userId) => {
      const rows = await database.read
        .selectFrom('account_sessions')
        .selectAll()
        .where('user_id', '=', userId)
        .where('expires_at', '>', clock.now())
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return rows.map(sessionOf);
    },
    revoke: async (userId, sessionId) => {
      const wasThere = await database.transaction(async (tx) => {
        const { numDeletedRows } = await tx
          .deleteFrom('account_sessions')
          .where('id', '=', sessionId)
          .where('user_id', '=', userId)
          .executeTakeFirst();
        return numDeletedRows > 0n;
      });
      if (wasThere) await revocations.announce({ userId, sessionId });
      return wasThere;
    },
    revokeAll: async (userId, except) => {
      const ended = await database.transaction(async (tx) => {
        const mine = tx.selectFrom('account_sessions').select('id').where('user_id', '=', userId);
        const rows = await (except ? mine.where('id', '<>', except) : mine).execute();
        for (const { id } of rows) {
          await tx.deleteFrom('account_sessions').where('id', '=', id).execute();
        }
        return rows.map(({ id }) => id);
      });
      for (const sessionId of ended) await revocations.announce({ userId, sessionId });
      return ended.length;
    },
    sweep: () =>
      database.transaction(async (tx) => {
        const { numDeletedRows } = await tx
          .deleteFrom('account_sessions')
          .where('expires_at', '<=', clock.now())
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
  };
}

const sessionOf = (row: Selectable<AccountSessionRow>): AccountSession => ({
  id: row.id,
  userId: row.user_id,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
});
