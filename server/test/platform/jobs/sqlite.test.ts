import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sqliteJobs } from '../../../src/platform/jobs/sqlite/index.js';
import { jobMigrations, withJobs } from '../../../src/platform/jobs/tables.js';
import { type TestDatabase, testDatabase } from '../../support/databases.js';
import { recordedLog } from '../../support/log.js';
import { enqueue, gate, kind, pause } from './harness.js';

describe('jobs in a SQLite file', () => {
  let made: TestDatabase;
  beforeEach(async () => {
    made = await testDatabase('sqlite', jobMigrations);
  });
  afterEach(() => made.remove());

  it('start when their transaction commits, without being polled for', async () => {
    const jobs = sqliteJobs({ database: made.database, log: recordedLog() });
    const ran = gate();
    const work = kind({ run: async () => ran.open() });
    jobs.define(work);
    await jobs.start();
    await pause(50);
    const transactions = vi.spyOn(made.database, 'transaction');
    await pause(300);
    expect(transactions).not.toHaveBeenCalled();
    const begun = performance.now();
    await enqueue(made.database, jobs, { name: work.name, payload: null });
    await ran.passed;
    expect(performance.now() - begun).toBeLessThan(250);
    await jobs.stop(1_000);
  });

  it('are taken over at once from a process that died, however long its leases are', async () => {
    const work = kind({ run: () => new Promise(() => {}) });
    const dead = sqliteJobs({ database: made.database, log: recordedLog() });
    dead.define(work);
    await dead.start();
    await enqueue(made.database, dead, { name: work.name, payload: null });
    await vi.waitFor(async () => expect((await dead.counts()).running).toBe(1));
    const ran = gate();
    const next = sqliteJobs({ database: made.database, log: recordedLog() });
    next.define({ ...work, run: async () => ran.open() });
    await next.start();
    await ran.passed;
    await next.stop(1_000);
  });

  it('run again when their lease has passed and nobody renewed it', async () => {
    const jobs = sqliteJobs({ database: made.database, log: recordedLog(), leaseMs: 300 });
    const ran = gate();
    const work = kind({ run: async () => ran.open() });
    jobs.define(work);
    await jobs.start();
    await made.database.transaction((tx) =>
      withJobs(tx)
        .insertInto('background_jobs')
        .values({
          id: 'left behind',
          name: work.name,
          owner: '',
          payload: 'null',
          state: 'running',
          recurring: 0,
          run_at: 0,
          node: 'nobody',
          lease_until: Date.now() + 200,
        })
        .execute(),
    );
    // Anything that makes it look also tells it of the lease.
    await enqueue(made.database, jobs, { name: work.name, payload: null, runAt: Date.now() + 3_600_000 });
    await ran.passed;
    await jobs.stop(1_000);
  });

  it('are not lost when the end of a run cannot be written for a while', async () => {
    const log = recordedLog();
    const jobs = sqliteJobs({ database: made.database, log });
    let runs = 0;
    const work = kind({
      run: async () => {
        runs += 1;
        vi.spyOn(made.database, 'transaction').mockRejectedValueOnce(new Error('disk full'));
      },
    });
    jobs.define(work);
    await jobs.start();
    await enqueue(made.database, jobs, { name: work.name, payload: null, uniqueKey: 'k' });
    await vi.waitFor(async () => expect(await jobs.has('k')).toBe(false), { timeout: 5_000 });
    expect(runs).toBe(1);
    expect(log.lines.map((line) => line.message)).toEqual([expect.stringContaining('cannot be written')]);
    await jobs.stop(1_000);
  });

  it('forget after seven days that they failed', async () => {
    const now = { at: 1_000_000_000_000 };
    const options = { database: made.database, log: recordedLog(), clock: { now: () => now.at } };
    const jobs = sqliteJobs(options);
    const work = kind({ maxAttempts: 1, run: () => Promise.reject(new Error('no')) });
    jobs.define(work);
    await jobs.start();
    await enqueue(made.database, jobs, { name: work.name, payload: null });
    await vi.waitFor(async () => expect((await jobs.counts()).failed).toBe(1));
    await jobs.stop(0);
    now.at += 6 * 86_400_000;
    await sqliteJobs(options).start();
    expect((await jobs.counts()).failed).toBe(1);
    now.at += 2 * 86_400_000;
    await sqliteJobs(options).start();
    expect((await jobs.counts()).failed).toBe(0);
  });
});
