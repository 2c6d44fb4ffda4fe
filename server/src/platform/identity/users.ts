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
  const knownUntil = new Map<string, number>();
  let seen = new Map<string, number>();

  const unsubscribe = await revocations.subscribe(({ userId }) => knownUntil.delete(userId));
  const stopHearingGaps = revocations.onGap(() => knownUntil.clear());

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

  return {
    signIn: async (identity, alsoKnownAs = []) => {
      const known = await findUser(database.read, identity);
      if (known) return known;
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
    exists: async (userId) => {
      const now = clock.now();
      if ((knownUntil.get(userId) ?? 0) > now) return true;
      const row = await database.read
        .selectFrom('users')
        .select('id')
        .where('id', '=', userId)
        .executeTakeFirst();
      if (!row) return false;
      if (knownUntil.size >= REMEMBERED) knownUntil.clear();
      knownUntil.set(userId, now + EXISTENCE_MS);
      return true;
    },
    seen: (userId) => {
      seen.set(userId, clock.now());
    },
    onRemoval: (erase) => {
      erasers.push(erase);
    },
    remove: async (userId) => {
      await database.transaction(async (tx) => {
        for (const erase of erasers) await erase(tx, userId);
        await tx.deleteFrom('usage_ledger').where('owner', '=', userId).execute();
        await tx.deleteFrom('users').where('id', '=', userId).execute();
      });
      knownUntil.delete(userId);
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
