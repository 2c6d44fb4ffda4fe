import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetUsageBefore, recordUsage, totalUsage } from '../../../src/platform/limits/usage-ledger.js';
import { dialects, type TestDatabase, testDatabase } from '../../support/databases.js';

describe.each(dialects)('the usage ledger on %s', (dialect) => {
  let made: TestDatabase;
  beforeAll(async () => {
    made = await testDatabase(dialect);
  });
  afterAll(() => made.remove());

  it('adds up what an owner used of a meter since an instant', async () => {
    const { database } = made;
    const use = (owner: string, meter: string, amount: number, at: number) =>
      database.transaction((tx) => recordUsage(tx, { owner, meter, amount, at }));
    await use('o', 'characters', 100, 1_000);
    await use('o', 'characters', 20, 2_000);
    await use('o', 'characters', 3, 3_000);
    await use('o', 'images', 7, 3_000);
    await use('somebody else', 'characters', 9, 3_000);
    const of = { owner: 'o', meter: 'characters' };
    expect(await totalUsage(database.read, { ...of, since: 0 })).toBe(123);
    expect(await totalUsage(database.read, { ...of, since: 2_000 })).toBe(23);
    expect(await totalUsage(database.read, { ...of, since: 9_000 })).toBe(0);
    await database.transaction((tx) => forgetUsageBefore(tx, 2_500));
    expect(await totalUsage(database.read, { ...of, since: 0 })).toBe(3);
  });

  it('counts what the same transaction has recorded, and nothing of one that failed', async () => {
    const { database } = made;
    const of = { owner: 'p', meter: 'characters', since: 0 };
    const failing = database.transaction(async (tx) => {
      await recordUsage(tx, { owner: 'p', meter: 'characters', amount: 5, at: 1 });
      expect(await totalUsage(tx, of)).toBe(5);
      throw new Error('over the limit');
    });
    await expect(failing).rejects.toThrow('over the limit');
    expect(await totalUsage(database.read, of)).toBe(0);
  });
});
