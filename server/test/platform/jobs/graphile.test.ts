import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { enqueue, gate, type JobsCluster, jobsCluster, kind, pause, untilAborted } from './harness.js';

const SOON = { timeout: 15_000, interval: 10 };

describe('jobs on several nodes', () => {
  let cluster: JobsCluster;
  beforeEach(async () => {
    cluster = await jobsCluster('postgres');
  });
  afterEach(() => cluster.remove());

  it('are cancelled on whichever node they run, at once', async () => {
    const [asking, running] = [await cluster.node(), await cluster.node()];
    const started = gate();
    const aborted = gate();
    const work = kind({
      run: async ({ signal }) => {
        started.open();
        await untilAborted(signal).finally(aborted.open);
      },
    });
    asking.jobs.define(work);
    running.jobs.define(work);
    await running.jobs.start();
    await enqueue(cluster.database, asking.jobs, { name: work.name, payload: null, uniqueKey: 'k' });
    await started.passed;
    await cluster.database.transaction((tx) => asking.jobs.cancel(tx, 'k'));
    const cancelled = Date.now();
    await aborted.passed;
    // Announced, not noticed by the next heartbeat only.
    expect(Date.now() - cancelled).toBeLessThan(100);
    await running.jobs.stop(1_000);
    expect(await asking.jobs.counts()).toEqual({ queued: 0, running: 0, failed: 0 });
  });

  it('share the places of an owner', async () => {
    let now = 0;
    let most = 0;
    let done = 0;
    const work = kind({
      concurrency: 4,
      perOwner: 2,
      run: async () => {
        now += 1;
        most = Math.max(most, now);
        await pause(20);
        now -= 1;
        done += 1;
      },
    });
    const nodes = [await cluster.node(), await cluster.node()];
    for (const { jobs } of nodes) {
      jobs.define(work);
      await jobs.start();
    }
    const [node] = nodes;
    for (let n = 0; n < 20 && node; n += 1) {
      const runAt = n % 2 === 0 ? Date.now() + 100 : undefined;
      const job = { name: work.name, payload: n, owner: 'o' };
      await enqueue(cluster.database, node.jobs, runAt === undefined ? job : { ...job, runAt });
    }
    await vi.waitFor(() => expect(done).toBe(20), SOON);
    expect(most).toBe(2);
  });

  it('go on by themselves after the database was away', async () => {
    const ran: number[] = [];
    const node = await cluster.node();
    const work = kind<number>({
      concurrency: 2,
      run: async ({ payload }) => {
        await pause(30);
        ran.push(payload);
      },
    });
    node.jobs.define(work);
    await node.jobs.start();
    for (let n = 0; n < 10; n += 1)
      await enqueue(cluster.database, node.jobs, { name: work.name, payload: n });
    await vi.waitFor(() => expect(ran.length).toBeGreaterThan(1), SOON);
    await node.die();
    await pause(300);
    await node.revive();
    await vi.waitFor(() => expect(new Set(ran).size).toBe(10), SOON);
    await enqueue(cluster.database, node.jobs, { name: work.name, payload: 10 });
    await vi.waitFor(() => expect(ran).toContain(10), SOON);
    await vi.waitFor(
      async () => expect(await node.jobs.counts()).toMatchObject({ queued: 0, running: 0 }),
      SOON,
    );
  });

  it('go on, and end when told to, after the database went away while many jobs were ending', async () => {
    const node = await cluster.node();
    const ran = new Set<number>();
    const work = kind<number>({ concurrency: 8, run: async ({ payload }) => void ran.add(payload) });
    node.jobs.define(work);
    await node.jobs.start();
    let jobs = 0;
    for (let outage = 0; outage < 5; outage += 1) {
      const before = ran.size;
      await cluster.database.transaction(async (tx) => {
        for (const until = jobs + 40; jobs < until; jobs += 1)
          await node.jobs.enqueue(tx, { name: work.name, payload: jobs });
      });
      await vi.waitFor(() => expect(ran.size).toBeGreaterThan(before + 8), SOON);
      await node.die();
      await pause(50);
      await node.revive();
    }
    await vi.waitFor(() => expect(ran.size).toBe(jobs), SOON);
    await node.jobs.stop(1_000);
  });

  it('leave nothing behind in the queue of graphile-worker', async () => {
    const node = await cluster.node();
    let runs = 0;
    const work = kind<string>({
      backoffMs: () => 1,
      maxAttempts: 2,
      run: async ({ payload }) => {
        runs += 1;
        if (payload === 'fails') throw new Error('no');
      },
    });
    node.jobs.define(work);
    for (const payload of ['works', 'fails', 'cancelled'])
      await enqueue(cluster.database, node.jobs, {
        name: work.name,
        payload,
        owner: 'o',
        uniqueKey: payload,
      });
    await cluster.database.transaction((tx) => node.jobs.cancel(tx, 'cancelled'));
    await node.jobs.start();
    await vi.waitFor(async () => expect((await node.jobs.counts()).failed).toBe(1), SOON);
    await node.jobs.stop(1_000);
    expect(runs).toBe(3);
    const { rows } = await sql`select * from graphile_worker.jobs`.execute(cluster.database.read);
    expect(rows).toEqual([]);
  });
});
