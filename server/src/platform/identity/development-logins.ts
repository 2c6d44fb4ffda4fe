import { timingSafeEqual } from 'node:crypto';
import type { Config } from '../../config.js';
import { AppError } from '../http/errors.js';
import type { Caller } from './caller.js';
import type { FirebaseTokens } from './firebase/id-tokens.js';
import type { Users } from './users.js';

/** Two logins of the companion app's original server (contract companion §2.4), off unless the operator switches them on. */
export interface DevelopmentLogins {
  /** `Authorization: <ADMIN_KEY><uid>`, with or without `Bearer`: acts for that user. Null without the key. */
  byAdminKey(authorization: string | undefined): Promise<Caller | null>;
  /** With LOCAL_DEVELOPMENT, whoever shows an invalid token is the user `123`. */
  insteadOfInvalid(authorization: string | undefined, refusal: unknown): Promise<Caller | null>;
}

const ADMIN_ISSUER = 'admin-key';
const LOCAL = { issuer: 'local-development', subject: '123' } as const;
const MAX_UID = 128;

export function createDevelopmentLogins(
  config: Config,
  parts: { readonly users: Users; readonly firebase: FirebaseTokens | null },
): DevelopmentLogins {
  const { users, firebase } = parts;
  const adminKey = config.ADMIN_KEY === undefined ? null : Buffer.from(config.ADMIN_KEY);
  return {
    byAdminKey: async (authorization) => {
      if (!adminKey || !authorization) return null;
      const given = Buffer.from(authorization.replace(/^bearer +/i, ''));
      if (given.length <= adminKey.length || !timingSafeEqual(given.subarray(0, adminKey.length), adminKey)) {
        return null;
      }
      const uid = given.subarray(adminKey.length).toString().trim();
      if (uid === '' || uid.length > MAX_UID) return null;
      const userId = (await users.exists(uid))
        ? uid
        : await users.signIn({ issuer: firebase?.issuer ?? ADMIN_ISSUER, subject: uid });
      return { userId, via: 'admin-key' };
    },
    insteadOfInvalid: async (authorization, refusal) => {
      if (!config.LOCAL_DEVELOPMENT || !authorization) return null;
      if (!(refusal instanceof AppError) || refusal.statusCode !== 401) return null;
      return { userId: await users.signIn(LOCAL), via: 'local-development' };
    },
  };
}
