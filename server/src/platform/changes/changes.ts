import { sql } from 'kysely';
import type { Database, Transaction } from '../database/database.js';
import { withTables } from '../database/database.js';
import type { Events, Unsubscribe } from '../events/events.js';
import { uuidV4 } from '../ids.js';
import type { ChangeTables } from './tables.js';

/** The newest change of one thing. */
export interface Change {
  /** Its place in the owner's sequence: 1, 2, 3 … */
  readonly seq: number;
  /** What kind of thing, for example `hero`. */
  readonly type: string;
  readonly id: string;
  readonly deleted: boolean;
}

export interface ChangePage {
  readonly epoch: string;
  /** Ascending. */
  readonly changes: readonly Change[];
  /** Where to go on. */
  readonly next: number;
  readonly hasMore: boolean;
  /** The owner's newest sequence number. */
  readonly latest: number;
}

/** Where an owner's sequence stands. `epoch` changes when the sequence may have been set back (a restored backup). */
export interface ChangeState {
  readonly epoch: string;
  readonly latest: number;
}

/**
 * The changes port: one integer sequence for each owner, raised inside the transaction of every write, with tombstones for
 * what was deleted. Reading it forward never skips a change: the owner's row stays locked from {@link Changes.next} until
 * the commit, so numbers become visible in their order.
 */
export interface Changes {
  /**
   * The owner's next number, or the first of `count` in a row. Call it before anything else in a writing transaction, so
   * that all writers of one owner take their locks in the same order. With a `count` of 0 it only takes that lock.
   */
  next(tx: Transaction, owner: string, count?: number): Promise<number>;
  /** Notes what the numbers stand for; an older change of the same thing is replaced. */
  log(tx: Transaction, owner: string, ...changes: readonly Change[]): Promise<void>;
  /** What changed behind a number. A number from another epoch or beyond the newest one reads from the beginning. */
  since(owner: string, seq: number, limit: number): Promise<ChangePage>;
  state(owner: string): Promise<ChangeState>;
  /** The newest changes of these things, by id; none of what was never noted. */
  newest(
    owner: string,
    type: string,
    ids: readonly string[],
    tx?: Transaction,
  ): Promise<ReadonlyMap<string, Change>>;
  /**
   * Puts one owner's changes behind another's, in their order, when the other takes them in.
   *
   * @returns by how much their numbers have grown
   */
  append(tx: Transaction, from: string, to: string): Promise<number>;
  /** Tells the owner's followers on all nodes; call it after the commit. */
  announce(owner: string, latest: number): Promise<void>;
  /** Hears of new numbers, also of ones that may have been missed. A hint: the sequence itself is the truth. */
  follow(owner: string, heard: (latest: number) => void): Promise<Unsubscribe>;
}

/** Rows of one statement: five values each, well within what both databases bind. */
const ROWS_AT_ONCE = 200;

const topicOf = (owner: string): string => `changes.${owner}`;

export function createChanges(parts: { readonly database: Database; readonly events: Events }): Changes {
  const { database, events } = parts;
  const read = withTables<ChangeTables>(database.read);
  const state = async (owner: string): Promise<ChangeState> => {
    const row = await read
      .selectFrom('change_sequences')
      .select(['epoch', 'latest'])
      .where('owner', '=', owner)
      .executeTakeFirst();
    return { epoch: row?.epoch ?? '', latest: Number(row?.latest ?? 0) };
  };
  const next: Changes['next'] = async (tx, owner, count = 1) => {
    const row = await withTables<ChangeTables>(tx)
      .insertInto('change_sequences')
      .values({ owner, epoch: uuidV4(), latest: count })
      .onConflict((conflict) =>
        conflict.column('owner').doUpdateSet({ latest: sql<number>`change_sequences.latest + ${count}` }),
      )
      .returning('latest')
      .executeTakeFirstOrThrow();
    return Number(row.latest) - count + 1;
  };
  return {
    next,
    log: async (tx, owner, ...changes) => {
      for (let from = 0; from < changes.length; from += ROWS_AT_ONCE) {
        const rows = changes.slice(from, from + ROWS_AT_ONCE);
        await withTables<ChangeTables>(tx)
          .insertInto('changes')
          .values(
            rows.map(({ seq, type, id, deleted }) => ({ owner, type, id, seq, deleted: deleted ? 1 : 0 })),
          )
          .onConflict((conflict) =>
            conflict
              .columns(['owner', 'type', 'id'])
              .doUpdateSet({ seq: sql<number>`excluded.seq`, deleted: sql<number>`excluded.deleted` }),
          )
          .execute();
      }
    },
    since: async (owner, seq, limit) => {
      // The state is read first: what is committed afterwards is then simply part of the next page.
      const { epoch, latest } = await state(owner);
      const after = seq > latest ? 0 : seq;
      const rows = await read
        .selectFrom('changes')
        .select(['seq', 'type', 'id', 'deleted'])
        .where('owner', '=', owner)
        .where('seq', '>', after)
        .where('seq', '<=', latest)
        .orderBy('seq')
        .limit(limit + 1)
        .execute();
      const page = rows.slice(0, limit).map((row) => ({
        seq: Number(row.seq),
        type: row.type,
        id: row.id,
        deleted: row.deleted === 1,
      }));
      const hasMore = rows.length > limit;
      return { epoch, changes: page, next: hasMore ? (page.at(-1)?.seq ?? latest) : latest, hasMore, latest };
    },
    state,
    newest: async (owner, type, ids, tx) => {
      if (ids.length === 0) return new Map();
      const rows = await (tx ? withTables<ChangeTables>(tx) : read)
        .selectFrom('changes')
        .select(['seq', 'id', 'deleted'])
        .where('owner', '=', owner)
        .where('type', '=', type)
        .where('id', 'in', ids)
        .execute();
      return new Map(
        rows.map(({ seq, id, deleted }) => [id, { seq: Number(seq), type, id, deleted: deleted === 1 }]),
      );
    },
    append: async (tx, from, to) => {
      const tables = withTables<ChangeTables>(tx);
      const sequence = await tables
        .selectFrom('change_sequences')
        .select('latest')
        .where('owner', '=', from)
        .executeTakeFirst();
      if (!sequence) return 0;
      const growth = (await next(tx, to, Number(sequence.latest))) - 1;
      // What both have noted (one deleted what the other then made under the same id) is the appended one's.
      await tables
        .deleteFrom('changes')
        .where('owner', '=', to)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('changes as theirs')
              .select('theirs.id')
              .where('theirs.owner', '=', from)
              .whereRef('theirs.type', '=', 'changes.type')
              .whereRef('theirs.id', '=', 'changes.id'),
          ),
        )
        .execute();
      await tables
        .updateTable('changes')
        .set({ owner: to, seq: sql<number>`seq + ${growth}` })
        .where('owner', '=', from)
        .execute();
      await tables.deleteFrom('change_sequences').where('owner', '=', from).execute();
      return growth;
    },
    announce: (owner, latest) => events.publish(topicOf(owner), latest),
    follow: async (owner, heard) => {
      const unsubscribe = await events.subscribe(topicOf(owner), (latest) => {
        if (typeof latest === 'number') heard(latest);
      });
      const forgetGap = events.onGap(() => {
        state(owner).then(
          ({ latest }) => heard(latest),
          // The database is away as well; its followers hear of the next change.
          () => undefined,
        );
      });
      return async () => {
        forgetGap();
        await unsubscribe();
      };
    },
  };
}

/**
 * Gives every owner another epoch. Called by whoever may have set sequences back, in the same transaction: from then on
 * no number that a device holds means anything.
 */
export async function renewEpochs(tx: Transaction): Promise<void> {
  await withTables<ChangeTables>(tx).updateTable('change_sequences').set({ epoch: uuidV4() }).execute();
}
