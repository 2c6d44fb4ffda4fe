import { createHash, randomBytes } from 'node:crypto';
import { withTables } from '../../../../platform/database/database.js';
import type { Platform } from '../../../../platform/platform.js';
import type { CompanionTables } from '../../tables.js';
import type { ProviderName, ProviderTokens } from './providers.js';

/** The contract's five minutes. */
export const SIGN_IN_MS = 5 * 60_000;
const CODE_BYTES = 32;

/** What a one-time code stands for. */
export interface FinishedSignIn extends ProviderTokens {
  readonly provider: ProviderName;
  readonly redirectUri: string;
}

/** One-time codes: of each of them only a digest is kept, and what it stands for is sealed. */
export function createSignInCodes({
  database,
  clock,
  secrets,
}: Pick<Platform, 'database' | 'clock' | 'secrets'>) {
  return {
    issue: async (signIn: FinishedSignIn): Promise<string> => {
      const code = randomBytes(CODE_BYTES).toString('base64url');
      const now = clock.now();
      await database.transaction(async (tx) => {
        const tables = withTables<CompanionTables>(tx);
        await tables.deleteFrom('companion_sign_in_codes').where('expires_at', '<=', now).execute();
        await tables
          .insertInto('companion_sign_in_codes')
          .values({
            digest: digestOf(code),
            sealed: secrets.seal(JSON.stringify(signIn)),
            expires_at: now + SIGN_IN_MS,
          })
          .execute();
      });
      return code;
    },

    /** @returns null for a code that is unknown, over or used */
    redeem: async (code: string): Promise<FinishedSignIn | null> => {
      const row = await database.transaction((tx) =>
        withTables<CompanionTables>(tx)
          .deleteFrom('companion_sign_in_codes')
          .where('digest', '=', digestOf(code))
          .returning(['sealed', 'expires_at'])
          .executeTakeFirst(),
      );
      if (!row || row.expires_at <= clock.now()) return null;
      const signIn = secrets.unseal(row.sealed);
      return signIn === null ? null : (JSON.parse(signIn) as FinishedSignIn);
    },
  };
}

const digestOf = (code: string): string => createHash('sha256').update(code).digest('hex');
