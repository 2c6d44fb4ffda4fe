import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Change,
  type Changes,
  createChanges,
  renewEpochs,
} from '../../../src/platform/changes/changes.js';
import { changeMigrations } from '../../../src/platform/changes/migrations.js';
import { inSavepoint } from '../../../src/platform/database/savepoint.js';
import { memoryEvents } from '../../../src/platform/events/memory/index.js';
import { uuidV4 } from '../../../src/platform/ids.js';
import { dialects, type TestDatabase, testDatabase } from '../../support/databases.js';
import { recordedLog } from '../../support/log.js';

describe.each(dialects)('the changes port on %s', (dialect) => {
  let made: TestDatabase;
  let changes: Changes;
  beforeAll(async () => {
    made = await testDatabase(dialect, changeMigrations);
    changes = createChanges({ database: made.database, events: memoryEvents({ log: recordedLog() }) });
  });
  afterAll(() => made.remove());

  const someOwner = async (): Promise<string> => {
    const id = uuidV4();
    await made.database.transaction((tx) =>
      tx.insertInto('users').values({ id, created_at: 1, last_seen_at: 1 }).execute(),
    );
    return id;
  };

  /** One write of one thing; resolves with its number once it is committed. */
  const write = (owner: string, id: string, more: Partial<Change> = {}): Promise<number> =>
    made.database.transaction(async (tx) => {
      const seq = await changes.next(tx, owner);
      await changes.log(tx, owner, { seq, type: 'thing', id, deleted: false, ...more });
      return seq;
    });

  /** Reads forward in pages until nothing is left. */
  const readFrom = async (owner: string, since: number, limit = 7): Promise<Change[]> => {
    const all: Change[] = [];
    for (let next = since; ; ) {
      const page = await changes.since(owner, next, limit);
      all.push(...page.changes);
      next = page.next;
      if (!page.hasMore) return all;
    }
  };

  it('counts each owner from one, without a gap', async () => {
    const [one, other] = [await someOwner(), await someOwner()];
    expect([
      await write(one, 'a'),
      await write(one, 'b'),
      await write(other, 'a'),
      await write(one, 'c'),
    ]).toEqual([1, 2, 1, 3]);
    expect((await readFrom(one, 0)).map(({ seq, id }) => [seq, id])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  it('shows every change of 200 parallel writers once and in order to readers who page meanwhile', async () => {
    const owner = await someOwner();
    const second = made.reopen();
    const elsewhere = createChanges({ database: second, events: memoryEvents({ log: recordedLog() }) });
    let isWriting = true;
    const follow = async (port: Changes, limit: number) => {
      const seen: Change[] = [];
      for (let since = 0, isLast = false; ; ) {
        const page = await port.since(owner, since, limit);
        seen.push(...page.changes);
        since = page.next;
        if (isLast && !page.hasMore) return seen;
        isLast = !isWriting && !page.hasMore;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const readers = [follow(changes, 3), follow(elsewhere, 50), follow(changes, 1_000)];
    const numbers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        // Two processes write, and some of what they write fails.
        (n % 2 ? made.database : second)
          .transaction(async (tx) => {
            const seq = await changes.next(tx, owner);
            await changes.log(tx, owner, { seq, type: 'thing', id: `thing-${n}`, deleted: false });
            if (n % 10 === 3) throw new Error('no');
            return seq;
          })
          .catch(() => null),
      ),
    );
    isWriting = false;
    const written = numbers.flatMap((seq) => (seq === null ? [] : [seq])).sort((a, b) => a - b);
    const expected = Array.from({ length: 180 }, (_, n) => n + 1);
    expect(written).toEqual(expected);
    for (const reader of readers) expect((await reader).map(({ seq }) => seq)).toEqual(expected);
    await second.close();
  });

  it('never shows a change behind a number that was handed out, also when things are written again', async () => {
    const owner = await someOwner();
    const things = ['a', 'b', 'c', 'd', 'e'];
    let isWriting = true;
    const reader = (async () => {
      const newest = new Map<string, number>();
      let since = 0;
      for (let isLast = false; ; ) {
        const page = await changes.since(owner, since, 2);
        for (const { id, seq } of page.changes) {
          expect(seq).toBeGreaterThan(since);
          since = seq;
          newest.set(id, seq);
        }
        expect(page.next).toBeGreaterThanOrEqual(since);
        since = page.next;
        if (isLast && !page.hasMore) return newest;
        isLast = !isWriting && !page.hasMore;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const last = new Map<string, number>();
    await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const id = things[n % things.length] ?? '';
        const seq = await write(owner, id);
        last.set(id, Math.max(last.get(id) ?? 0, seq));
      }),
    );
    isWriting = false;
    expect(await reader).toEqual(last);
  });

  it('lets writers of several numbers and of turns alone pass each other without a deadlock', async () => {
    const owner = await someOwner();
    const sizes = Array.from({ length: 60 }, (_, n) => n % 4);
    await Promise.all(
      sizes.map((count, n) =>
        made.database.transaction(async (tx) => {
          const first = await changes.next(tx, owner, count);
          const logged = Array.from({ length: count }, (_, more) => ({
            seq: first + more,
            type: 'thing',
            id: `${n}-${more}`,
            deleted: false,
          }));
          await changes.log(tx, owner, ...logged);
        }),
      ),
    );
    const total = sizes.reduce((sum, count) => sum + count, 0);
    expect((await readFrom(owner, 0)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: total }, (_, n) => n + 1),
    );
  });

  it('keeps one change for each thing, and tombstones for ever', async () => {
    const owner = await someOwner();
    await write(owner, 'a');
    await write(owner, 'b');
    await write(owner, 'a', { deleted: true });
    expect(await readFrom(owner, 0)).toEqual([
      { seq: 2, type: 'thing', id: 'b', deleted: false },
      { seq: 3, type: 'thing', id: 'a', deleted: true },
    ]);
    const newest = await changes.newest(owner, 'thing', ['a', 'b', 'c']);
    expect([newest.get('a')?.deleted, newest.get('b')?.seq, newest.get('c')]).toEqual([true, 2, undefined]);
  });

  it('takes a turn without a number, and gives numbers back that were rolled back', async () => {
    const owner = await someOwner();
    await made.database.transaction(async (tx) => {
      expect(await changes.next(tx, owner, 0)).toBe(1);
      await inSavepoint(tx, async () => {
        expect(await changes.next(tx, owner)).toBe(1);
        throw new Error('changed my mind');
      }).catch(() => undefined);
      expect(await changes.next(tx, owner)).toBe(1);
    });
    expect((await changes.state(owner)).latest).toBe(1);
  });

  it('reads from the beginning for a number that it never gave', async () => {
    const owner = await someOwner();
    await write(owner, 'a');
    const page = await changes.since(owner, 99, 10);
    expect(page).toMatchObject({ next: 1, latest: 1, hasMore: false });
    expect(page.changes).toHaveLength(1);
  });

  it('gives every owner another epoch when sequences may have been set back', async () => {
    const owner = await someOwner();
    await write(owner, 'a');
    const before = await changes.state(owner);
    await made.database.transaction(renewEpochs);
    const after = await changes.state(owner);
    expect(after.latest).toBe(1);
    expect(after.epoch).not.toBe(before.epoch);
  });

  it('tells followers of an owner, and of nobody else', async () => {
    const [one, other] = [await someOwner(), await someOwner()];
    const heard: number[] = [];
    const stop = await changes.follow(one, (latest) => heard.push(latest));
    await changes.announce(other, 5);
    await changes.announce(one, 2);
    await stop();
    await changes.announce(one, 3);
    expect(heard).toEqual([2]);
  });

  it('goes with its owner', async () => {
    const owner = await someOwner();
    await write(owner, 'a');
    await made.database.transaction((tx) => tx.deleteFrom('users').where('id', '=', owner).execute());
    expect(await changes.state(owner)).toEqual({ epoch: '', latest: 0 });
    expect(await readFrom(owner, 0)).toEqual([]);
  });
});
