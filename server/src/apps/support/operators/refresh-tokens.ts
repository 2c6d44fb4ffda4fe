import { createHash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Clock } from '../../../platform/clock.js';
import { type Transaction, withTables } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import { supportErrors } from '../errors.js';
import type { SupportRefreshTokenRow, SupportTables } from '../tables.js';

type RefreshToken = Readonly<Selectable<SupportRefreshTokenRow>>;

/** Contract §10.1: seven days, 32 random bytes as base64url. */
const REFRESH_MS = 7 * 24 * 3_600_000;
const TOKEN_BYTES = 32;
/** Tabs that share a token may still be sending the former one this long after its successor was first used. */
const GRACE_MS = 60_000;

const within = (tx: Transaction) => withTables<SupportTables>(tx);
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What became of a refresh token that was shown. A refusal is a value, because the theft it tells of is stored. */
export type Rotation =
  | { readonly operatorId: string; readonly refreshToken: string }
  | { readonly refused: Error };

/**
 * Refresh tokens, kept as hashes and rotated: every use makes a successor.
 *
 * A token lives on until a successor of it is used, so that an answer that was lost, or a page that reads the access token
 * only, costs nobody their session. A token that is used after that (and a short grace) was copied: its whole family
 * ends, the thief's tokens with it.
 */
export function createRefreshTokens(clock: Clock) {
  const insert = async (tx: Transaction, operatorId: string, family: string): Promise<string> => {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = clock.now();
    await within(tx)
      .insertInto('support_refresh_tokens')
      .values({
        id: uuidV7(now),
        operator_id: operatorId,
        family,
        token_hash: hashOf(token),
        created_at: now,
        expires_at: now + REFRESH_MS,
        used_at: null,
        retired_at: null,
        revoked_at: null,
      })
      .execute();
    return token;
  };

  const find = (tx: Transaction, token: string): Promise<RefreshToken | undefined> =>
    within(tx)
      .selectFrom('support_refresh_tokens')
      .selectAll()
      .where('token_hash', '=', hashOf(token))
      .executeTakeFirst();

  const endFamily = async (tx: Transaction, family: string): Promise<void> => {
    await within(tx)
      .updateTable('support_refresh_tokens')
      .set({ revoked_at: clock.now() })
      .where('family', '=', family)
      .where('revoked_at', 'is', null)
      .execute();
  };

  /** Its first use proves that its owner has it: what is older than it is not needed any more. */
  const retireOlder = async (tx: Transaction, used: RefreshToken, now: number): Promise<void> => {
    await within(tx)
      .updateTable('support_refresh_tokens')
      .set({ used_at: now })
      .where('id', '=', used.id)
      .execute();
    await within(tx)
      .updateTable('support_refresh_tokens')
      .set({ retired_at: now })
      .where('family', '=', used.family)
      .where('id', '<>', used.id)
      .where('created_at', '<=', used.created_at)
      .where('retired_at', 'is', null)
      .execute();
  };

  return {
    /** The first token of a sign-in. */
    begin: async (tx: Transaction, operatorId: string): Promise<string> => {
      const now = clock.now();
      await within(tx)
        .deleteFrom('support_refresh_tokens')
        .where('operator_id', '=', operatorId)
        .where('expires_at', '<=', now)
        .execute();
      return insert(tx, operatorId, uuidV7(now));
    },

    rotate: async (tx: Transaction, token: string): Promise<Rotation> => {
      const now = clock.now();
      const shown = await find(tx, token);
      if (!shown) return { refused: supportErrors.invalidRefreshToken() };
      if (shown.revoked_at !== null) return { refused: supportErrors.tokenRevoked() };
      if (shown.expires_at <= now) return { refused: supportErrors.refreshTokenExpired() };
      if (shown.retired_at !== null && shown.retired_at + GRACE_MS < now) {
        await endFamily(tx, shown.family);
        return { refused: supportErrors.tokenRevoked() };
      }
      if (shown.used_at === null) await retireOlder(tx, shown, now);
      return {
        operatorId: shown.operator_id,
        refreshToken: await insert(tx, shown.operator_id, shown.family),
      };
    },

    /** Ends the sign-in that the token belongs to; an unknown token ends nothing. */
    endSession: async (tx: Transaction, token: string): Promise<void> => {
      const shown = await find(tx, token);
      if (shown) await endFamily(tx, shown.family);
    },

    endAll: async (tx: Transaction, operatorId: string): Promise<void> => {
      await within(tx)
        .updateTable('support_refresh_tokens')
        .set({ revoked_at: clock.now() })
        .where('operator_id', '=', operatorId)
        .where('revoked_at', 'is', null)
        .execute();
    },
  };
}

export type RefreshTokens = ReturnType<typeof createRefreshTokens>;
