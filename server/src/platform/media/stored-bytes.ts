import { sql } from 'kysely';
import type { Database, Transaction } from '../database/database.js';
import type { JobDefinition } from '../jobs/jobs.js';
import type { Platform } from '../platform.js';

/** Counting means listing all media: often enough for people who look how much they have stored. */
const EVERY_MS = 6 * 3_600_000;
const OWNERS_AT_ONCE = 200;

/** An app's media, by the keys that it gives them. */
export interface OwnedMedia {
  readonly app: string;
  readonly prefixes: readonly string[];
  /** Whom a key names as its owner; null for what is nobody's. */
  ownerOf(key: string): string | null;
}

/** Counts from time to time what each user has stored in an app, so that no request has to. */
export function storedBytesJob(
  { clock, database, media, users }: Pick<Platform, 'clock' | 'database' | 'media' | 'users'>,
  { app, prefixes, ownerOf }: OwnedMedia,
): JobDefinition<null> {
  const count = async (signal: AbortSignal): Promise<ReadonlyMap<string, number>> => {
    const bytes = new Map<string, number>();
    for (const prefix of prefixes) {
      for await (const { key, size } of media.list(prefix)) {
        signal.throwIfAborted();
        const owner = ownerOf(key);
        if (owner !== null) bytes.set(owner, (bytes.get(owner) ?? 0) + size);
      }
    }
    return bytes;
  };

  return {
    name: `${app}.stored-bytes`,
    concurrency: 1,
    maxAttempts: 3,
    backoffMs: () => 60_000,
    everyMs: EVERY_MS,
    run: async ({ signal }) => {
      const countedAt = clock.now();
      const total = new Map<string, number>();
      for (const [owner, bytes] of await count(signal)) {
        const current = await users.current(owner);
        total.set(current, (total.get(current) ?? 0) + bytes);
      }
      const owners = [...total];
      for (let from = 0; from < owners.length; from += OWNERS_AT_ONCE) {
        signal.throwIfAborted();
        await database.transaction(async (tx) => {
          for (const [owner, bytes] of owners.slice(from, from + OWNERS_AT_ONCE))
            await note(tx, { owner, app, bytes, countedAt });
        });
      }
      await database.transaction((tx) =>
        tx.deleteFrom('stored_bytes').where('app', '=', app).where('counted_at', '<', countedAt).execute(),
      );
    },
  };
}

/** Media of somebody who is gone, or of another server, are nobody's here. */
const note = (
  tx: Transaction,
  { owner, app, bytes, countedAt }: { owner: string; app: string; bytes: number; countedAt: number },
) =>
  sql`insert into stored_bytes (owner, app, bytes, counted_at)
    select id, ${app}, cast(${bytes} as bigint), cast(${countedAt} as bigint) from users where id = ${owner}
    on conflict (owner, app) do update set bytes = excluded.bytes, counted_at = excluded.counted_at`.execute(
    tx,
  );

/** What the user had stored in the app when it was last counted; an empty object when it was not. */
export async function storedBytesOf(
  { read }: Pick<Database, 'read'>,
  owner: string,
  app: string,
): Promise<{ readonly storedBytes?: number }> {
  const row = await read
    .selectFrom('stored_bytes')
    .select('bytes')
    .where('owner', '=', owner)
    .where('app', '=', app)
    .executeTakeFirst();
  return row ? { storedBytes: Number(row.bytes) } : {};
}

/** When one user takes in another: both have what both had, until it is counted anew. */
export async function joinStoredBytes(tx: Transaction, from: string, to: string): Promise<void> {
  await sql`insert into stored_bytes (owner, app, bytes, counted_at)
    select ${to}, app, bytes, counted_at from stored_bytes where owner = ${from}
    on conflict (owner, app) do update set bytes = stored_bytes.bytes + excluded.bytes`.execute(tx);
  await tx.deleteFrom('stored_bytes').where('owner', '=', from).execute();
}
