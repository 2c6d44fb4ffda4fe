import type { Clock } from '../../../platform/clock.js';
import type { Transaction } from '../../../platform/database/database.js';
import { uuidV4, uuidV7 } from '../../../platform/ids.js';
import { supportErrors } from '../errors.js';
import { newApiKey } from '../keys/api-key.js';
import type { KeyStore } from '../keys/store.js';
import type { AppStore } from '../settings/store.js';
import type { OperatorRole } from '../tables.js';
import type { Operator, OperatorStore } from './store.js';

/** An app as it is told once, with the key that is shown to nobody again. */
export interface RegisteredApp {
  readonly id: string;
  readonly name: string;
  readonly apiKey: string;
  readonly createdAt: number;
}

/** Contract §10.1. */
export const DEFAULT_APP_NAME = 'ReplyHQ App';
/** Contract §10.1; the upper bound keeps the work of hashing bounded. */
const MIN_PASSWORD = 8;

/** Making apps and accounts, each inside the transaction of the one who asks for it. */
export interface Registration {
  app(tx: Transaction, name: string): Promise<RegisteredApp>;
  /**
   * @param email normalised
   * @throws AppError 409 `USER_EXISTS`
   */
  operator(
    tx: Transaction,
    account: {
      readonly appId: string;
      readonly email: string;
      readonly passwordHash: string;
      readonly role: OperatorRole;
    },
  ): Promise<Operator>;
}

/** @throws AppError 400 `WEAK_PASSWORD` */
export function refuseWeak(password: string): void {
  if (password.length < MIN_PASSWORD) throw supportErrors.weakPassword();
}

export function createRegistration(parts: {
  readonly clock: Clock;
  readonly apps: AppStore;
  readonly keys: KeyStore;
  readonly operators: OperatorStore;
}): Registration {
  const { clock, apps, keys, operators } = parts;
  return {
    app: async (tx, name) => {
      const now = clock.now();
      const id = uuidV4();
      const { apiKey, prefix, hash } = newApiKey();
      await apps.insert(tx, { id, name, settings: '{}', created_at: now, updated_at: now });
      await keys.insert(tx, {
        id: uuidV7(now),
        app_id: id,
        name: 'First key',
        prefix,
        key_hash: hash,
        created_at: now,
        expires_at: null,
        last_used_at: null,
        revoked_at: null,
      });
      return { id, name, apiKey, createdAt: now };
    },
    operator: async (tx, { appId, email, passwordHash, role }) => {
      if (await operators.byEmail(email, tx)) throw supportErrors.userExists();
      const now = clock.now();
      const operator: Operator = {
        id: uuidV7(now),
        app_id: appId,
        email,
        password_hash: passwordHash,
        role,
        is_active: 1,
        created_at: now,
        updated_at: now,
        last_seen_at: now,
        tokens_valid_from: 0,
      };
      await operators.insert(tx, operator);
      return operator;
    },
  };
}
