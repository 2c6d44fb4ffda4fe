import { createHash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { ApiKeyRow } from '../database/tables.js';
import { uuidV7 } from '../ids.js';
import type { Log } from '../telemetry/log.js';
import type { Revocations } from './revocations.js';

/** A named key of a user's. The key itself is shown once and stored nowhere. */
export interface ApiKey {
  readonly id: string;
  readonly userId: string;
  /** What it opens, for example `mcp` or `developer`; routes say which kinds they take. */
  readonly kind: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The beginning of the key, by which its owner recognises it. */
  readonly prefix: string;
  /** Epoch milliseconds, as the others. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** Keys that users make for their own programs. */
export interface ApiKeys {
  /**
   * @param key.prefix what the key begins with, for example `omi_mcp_`
   * @returns the key, this once, and what is kept of it
   */
  create(key: {
    readonly userId: string;
    readonly kind: string;
    readonly name: string;
    readonly prefix: string;
    readonly scopes?: readonly string[];
  }): Promise<{ readonly key: string; readonly record: ApiKey }>;
  /** The user's keys of one kind, or all of them, newest first. */
  list(userId: string, kind?: string): Promise<readonly ApiKey[]>;
  /** Acts at once, on every node. @returns false when the user has no such key */
  revoke(userId: string, id: string, kind?: string): Promise<boolean>;
  /** What is kept of a key, by its hash; null when there is none. Routes have `requireCaller` with `apiKeys` for this. */
  find(key: string): Promise<ApiKey | null>;
  isAlive(id: string): Promise<boolean>;
  /** Notes a use. Written in batches: it is a hint for the owner, not an acknowledged fact. */
  used(id: string): void;
  close(): Promise<void>;
}

const KEY_BYTES = 32;
/** How much of the random part its owner is shown again. */
const SHOWN_CHARACTERS = 4;
/** How often the last uses are written. */
const USED_FLUSH_MS = 5_000;

export function createApiKeys(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly revocations: Revocations;
}): ApiKeys {
  const { database, clock, log, revocations } = parts;
  let used = new Map<string, number>();

  const flush = async () => {
    if (used.size === 0) return;
    const batch = used;
    used = new Map();
    await database.transaction(async (tx) => {
      for (const [id, at] of batch) {
        await tx.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
      }
    });
  };
  const timer = setInterval(() => {
    flush().catch((error: unknown) => log.warn({ err: error }, 'last uses of API keys could not be written'));
  }, USED_FLUSH_MS);
  timer.unref();

  return {
    create: async ({ userId, kind, name, prefix, scopes = [] }) => {
      const key = prefix + randomBytes(KEY_BYTES).toString('base64url');
      const now = clock.now();
      const row: ApiKeyRow = {
        id: uuidV7(now),
        user_id: userId,
        kind,
        name,
        scopes: JSON.stringify(scopes),
        prefix: key.slice(0, prefix.length + SHOWN_CHARACTERS),
        key_hash: hashOf(key),
        created_at: now,
        last_used_at: null,
      };
      await database.transaction((tx) => tx.insertInto('api_keys').values(row).execute());
      return { key, record: recordOf(row) };
    },
    list: async (userId, kind) => {
      const mine = database.read.selectFrom('api_keys').selectAll().where('user_id', '=', userId);
      const rows = await (kind === undefined ? mine : mine.where('kind', '=', kind))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return rows.map(recordOf);
    },
    revoke: async (userId, id, kind) => {
      const wasThere = await database.transaction(async (tx) => {
        const mine = tx.deleteFrom('api_keys').where('id', '=', id).where('user_id', '=', userId);
        const { numDeletedRows } = await (kind === undefined
          ? mine
          : mine.where('kind', '=', kind)
        ).executeTakeFirst();
        return numDeletedRows > 0n;
      });
      if (wasThere) await revocations.announce({ userId, apiKeyId: id });
      return wasThere;
    },
    find: async (key) => {
      const row = await database.read
        .selectFrom('api_keys')
        .selectAll()
        .where('key_hash', '=', hashOf(key))
        .executeTakeFirst();
      return row ? recordOf(row) : null;
    },
    isAlive: async (id) => {
      const row = await database.read
        .selectFrom('api_keys')
        .select('id')
        .where('id', '=', id)
        .executeTakeFirst();
      return row !== undefined;
    },
    used: (id) => {
      used.set(id, clock.now());
    },
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const recordOf = (row: Selectable<ApiKeyRow>): ApiKey => ({
  id: row.id,
  userId: row.user_id,
  kind: row.kind,
  name: row.name,
  scopes: JSON.parse(row.scopes) as string[],
  prefix: row.prefix,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
});
