import type { Clock } from '../clock.js';
import type { Database, Transaction } from '../database/database.js';
import { uuidV4 } from '../ids.js';
import type { Log } from '../telemetry/log.js';
import type { Revocations } from './revocations.js';

/** A verified credential's name for somebody: `issuer` says who vouches, `subject` whom for. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** The people of this server and the identities by which they are recognised. */
export interface Users {
  /** The user whom one of the identities names. Missing ones of the given identities are added. Makes a new user for a new identity. */
  signIn(identity: Identity, alsoKnownAs?: readonly Identity[]): Promise<string>;
  /** False once the user was removed; answered from memory for a few seconds at most. */
  exists(userId: string): Promise<boolean>;
  /** Since when session tokens are good (epoch milliseconds), null once the user was removed; remembered as `exists` is. */
  tokensValidFrom(userId: string): Promise<number | null>;
  /** Ends the session tokens that the user has been issued so far, on every node. */
  endTokens(userId: string): Promise<void>;
  /** Who a user is now: another one, after a merge. For work that began as somebody else. The id itself when they are gone. */
  current(userId: string): Promise<string>;
  /** Whom the user has taken in: what was theirs is stored under these ids still. */
  formerIds(userId: string): Promise<readonly string[]>;
  /** Notes that the user was here. Written in batches: it is a hint for the operator, not an acknowledged fact. */
  seen(userId: string): void;
  /**
   * For apps, at their installation: `erase` runs in the transaction that removes a user, before the rows go. It enqueues
   * the jobs that erase what no foreign key reaches, media above all.
   */
  onRemoval(erase: (tx: Transaction, userId: string) => Promise<void>): void;
  /** Removes the user and everything that refers to them; tokens stop working at once, on every node. */
  remove(userId: string): Promise<void>;
  close(): Promise<void>;
}

/** How long "this user exists" is believed without asking the database. Removal is told by an event at once. */
const EXISTENCE_MS = 10_000;
/** How many users are remembered at most. */
const REMEMBERED = 50_000;
/** How often the last visits are written. */
const SEEN_FLUSH_MS = 5_000;

export async function createUsers(parts: {
  readonly database: Database;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Users> {
  const { database, revocations, clock, log } = parts;
  const erasers: ((tx: Transaction, userId: string) => Promise<void>)[] = [];
  const known = new Map<string, { readonly until: number; readonly tokensValidFrom: number }>();
  let seen = new Map<string, number>();

  const unsubscribe = await revocations.subscribe(({ userId }) => known.delete(userId));
  const stopHearingGaps = revocations.onGap(() => known.clear());

  const flushSeen = async () => {
    if (seen.size === 0) return;
    const batch = seen;
    seen = new Map();
    await database.transaction(async (tx) => {
      for (const [id, at] of batch) {
        await tx.updateTable('users').set({ last_seen_at: at }).where('id', '=', id).execute();
      }
    });
  };
  const timer = setInterval(() => {
    flushSeen().catch((error: unknown) => log.warn({ err: error }, 'last visits could not be written'));
  }, SEEN_FLUSH_MS);
  timer.unref();

  const tokensValidFrom = async (userId: string): Promise<number | null> => {
    const now = clock.now();
    const remembered = known.get(userId);
    if (remembered && remembered.until > now) return remembered.tokensValidFrom;
    const row = await database.read
      .selectFrom('users')
      .select('tokens_valid_from')
      .where('id', '=', userId)
      .executeTakeFirst();
    if (!row) return null;
    if (known.size >= REMEMBERED) known.clear();
    const validFrom = Number(row.tokens_valid_from);
    known.set(userId, { until: now + EXISTENCE_MS, tokensValidFrom: validFrom });
    return validFrom;
  };

  return {
    signIn: async (identity, alsoKnownAs = []) => {
      const named = await findUser(database.read, identity);
      if (named) return named;
      return database.transaction(async (tx) => {
        const now = clock.now();
        let userId: string | null = null;
        for (const name of [identity, ...alsoKnownAs]) userId ??= await findUser(tx, name);
        if (!userId) {
          userId = uuidV4();
          await tx.insertInto('users').values({ id: userId, created_at: now, last_seen_at: now }).execute();
        }
        await addIdentity(tx, identity, userId, now);
        return userOf(tx, identity, userId);
      });
    },
    exists: async (userId) => (await tokensValidFrom(userId)) !== null,
    tokensValidFrom,
    endTokens: async (userId) => {
      // Tokens tell whole seconds: what was issued in this one is not to be told from what is issued next.
      const validFrom = (Math.floor(clock.now() / 1_000) + 1) * 1_000;
      await database.transaction((tx) =>
        tx.updateTable('users').set({ tokens_valid_from: validFrom }).where('id', '=', userId).execute(),
      );
      await revocations.announce({ userId });
    },
    current: async (userId) => {
      const merged = await database.read
        .selectFrom('merged_users')
        .select('user_id')
        .where('former_id', '=', userId)
        .executeTakeFirst();
      return merged?.user_id ?? userId;
    },
    formerIds: (userId) => formerIdsOf(database.read, userId),
    seen: (userId) => {
      seen.set(userId, clock.now());
    },
    onRemoval: (erase) => {
      erasers.push(erase);
    },
    remove: async (userId) => {
      await database.transaction(async (tx) => {
        // Media of those whom the user took in are stored under their ids.
        for (const id of [userId, ...(await formerIdsOf(tx, userId))]) {
          for (const erase of erasers) await erase(tx, id);
        }
        await tx.deleteFrom('usage_ledger').where('owner', '=', userId).execute();
        await tx.deleteFrom('users').where('id', '=', userId).execute();
      });
      known.delete(userId);
      seen.delete(userId);
      await revocations.announce({ userId });
    },
    close: async () => {
      clearInterval(timer);
      stopHearingGaps();
      await unsubscribe();
      await flushSeen();
    },
  };
}

async function findUser(db: Database['read'] | Transaction, identity: Identity): Promise<string | null> {
  const row = await db
    .selectFrom('identities')
    .select('user_id')
    .where('issuer', '=', identity.issuer)
    .where('subject', '=', identity.subject)
    .executeTakeFirst();
  return row?.user_id ?? null;
}

async function formerIdsOf(db: Database['read'] | Transaction, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('merged_users')
    .select('former_id')
    .where('user_id', '=', userId)
    .execute();
  return rows.map(({ former_id }) => former_id);
}

async function addIdentity(tx: Transaction, identity: Identity, userId: string, now: number): Promise<void> {
  await tx
    .insertInto('identities')
    .values({ ...identity, user_id: userId, created_at: now })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
    .execute();
}

/** Whom the identity names after all: another node may have added it a moment earlier, and then the new user goes again. */
async function userOf(tx: Transaction, identity: Identity, ours: string): Promise<string> {
  const winner = (await findUser(tx, identity)) ?? ours;
  if (winner !== ours) await tx.deleteFrom('users').where('id', '=', ours).execute();
  return winner;
}
