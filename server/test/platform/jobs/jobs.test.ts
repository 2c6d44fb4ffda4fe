import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DoNotRetry, RetryLater } from '../../../src/platform/jobs/jobs.js';
import { withJobs } from '../../../src/platform/jobs/tables.js';
import { dialects } from '../../support/databases.js';
import { enqueue, gate, type JobsCluster, jobsCluster, kind, pause, untilAborted } from './harness.js';

const SOON = { timeout: 20_000, interval: 10 };

describe.each(dialects)('the jobs port on %s', (dialect) => {
  let cluster: JobsCluster;
  beforeEach(async () => {
    cluster = await jobsCluster(dialect);
  });
  afterEach(() => cluster.remove());

  it('runs what was committed, with its payload, and nothing of what was rolled back', async () => {
    const { jobs } = await cluster.node();
    const ran: unknown[] = [];
    const work = kind({ run: async (job) => void ran.push([job.payload, job.attempt]) });
    jobs.define(work);
    await jobs.start();
    const failing = cluster.database.transaction(async (tx) => {
      await jobs.enqueue(tx, { name: work.name, payload: 'rolled back' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await enqueue(cluster.database, jobs, {
      name: work.name,
      payload: { text: 'ü "quoted"', list: [1, null] },
    });
    await vi.waitFor(() => expect(ran).toHaveLength(1), SOON);
    await vi.waitFor(
      async () => expect(await jobs.counts()).toEqual({ queued: 0, running: 0, failed: 0 }),
      SOON,
    );
    expect(ran).toEqual([[{ text: 'ü "quoted"', list: [1, null] }, 1]]);
  });

  it('runs what was enqueued before the start', async () => {
    const { jobs } = await cluster.node();
    let ran = 0;
    const work = kind({
      run: async () => {
        ran += 1;
      },
    });
    jobs.define(work);
    await enqueue(cluster.database, jobs, { name: work.name, payload: null });
    expect(await jobs.counts()).toEqual({ queued: 1, running: 0, failed: 0 });
    await pause(100);
    expect(ran).toBe(0);
    await jobs.start();
    await vi.waitFor(() => expect(ran).toBe(1), SOON);
  });

  it('tells how many of each kind wait, those for later included, recurring ones not', async () => {
    const { jobs } = await cluster.node();
    const [one, none] = [kind({ run: async () => {} }), kind({ run: async () => {} })];
    const beat = kind({ run: async () => {}, everyMs: 60_000 });
    for (const definition of [one, none, beat]) jobs.define(definition);
    await enqueue(cluster.database, jobs, { name: one.name, payload: null });
    await enqueue(cluster.database, jobs, { name: one.name, payload: null, runAt: Date.now() + 60_000 });
    expect([...(await jobs.waiting())]).toEqual([
      [one.name, 2],
      [none.name, 0],
    ]);
    await jobs.start();
    await vi.waitFor(async () => expect((await jobs.waiting()).get(one.name)).toBe(1), SOON);
  });

  it('refuses a job that nobody defined', async () => {
    const { jobs } = await cluster.node();
    await expect(enqueue(cluster.database, jobs, { name: 'unknown', payload: 1 })).rejects.toThrow(
      'not defined',
    );
  });

  it('keeps one waiting or running job per key, and takes the key again afterwards', async () => {
    const { jobs } = await cluster.node();
    const ran: unknown[] = [];
    const hold = gate();
    const work = kind<string>({
      run: async (job) => {
        ran.push(job.payload);
        await hold.passed;
      },
    });
    jobs.define(work);
    const job = (payload: string) => ({ name: work.name, payload, uniqueKey: 'the key' });
    await Promise.all(['a', 'b', 'c'].map((payload) => enqueue(cluster.database, jobs, job(payload))));
    expect(await jobs.has('the key')).toBe(true);
    await jobs.start();
    await vi.waitFor(() => expect(ran).toHaveLength(1), SOON);
    await enqueue(cluster.database, jobs, job('while running'));
    await pause(100);
    expect(ran).toHaveLength(1);
    hold.open();
    await vi.waitFor(async () => expect(await jobs.has('the key')).toBe(false), SOON);
    await enqueue(cluster.database, jobs, job('again'));
    await vi.waitFor(() => expect(ran[1]).toBe('again'), SOON);
  });

  it('tries again with back-off, then says once that it is exhausted and erases the payload', async () => {
    const { jobs } = await cluster.node();
    const attempts: number[] = [];
    const times: number[] = [];
    const exhausted = vi.fn(async () => {});
    const work = kind<{ key: string }>({
      backoffMs: (attempt) => attempt * 100,
      run: async (job) => {
        attempts.push(job.attempt);
        times.push(Date.now());
        throw new Error(`failure ${job.attempt}`);
      },
      exhausted,
    });
    jobs.define(work);
    await jobs.start();
    await enqueue(cluster.database, jobs, { name: work.name, payload: { key: 'sealed' }, uniqueKey: 'k' });
    await vi.waitFor(async () => expect((await jobs.counts()).failed).toBe(1), SOON);
    expect(attempts).toEqual([1, 2, 3]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(99);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(199);
    expect(exhausted.mock.calls).toEqual([
      [{ key: 'sealed' }, expect.objectContaining({ message: 'failure 3' })],
    ]);
    expect(await jobs.has('k')).toBe(false);
    const rows = await withJobs(cluster.database.read).selectFrom('background_jobs').selectAll().execute();
    expect(rows).toMatchObject([{ state: 'failed', payload: null, unique_key: null, error: 'Error' }]);
  });

  it('lists what failed for good, newest first, and runs it again when its payload was kept', async () => {
    const { jobs } = await cluster.node();
    const ran: unknown[] = [];
    let isBroken = true;
    const run = async (job: { readonly payload: unknown; readonly attempt: number }) => {
      ran.push([job.payload, job.attempt]);
      if (isBroken) throw Object.assign(new Error('words of a user'), { code: 'EIO' });
    };
    const kept = kind<string>({ run, maxAttempts: 2, keepsFailed: true });
    const erased = kind<string>({ run, maxAttempts: 1 });
    jobs.define(kept);
    jobs.define(erased);
    await jobs.start();
    await enqueue(cluster.database, jobs, {
      name: kept.name,
      payload: 'kept',
      uniqueKey: 'k',
      owner: 'somebody',
    });
    await vi.waitFor(async () => expect((await jobs.counts()).failed).toBe(1), SOON);
    await enqueue(cluster.database, jobs, { name: erased.name, payload: 'sealed' });
    await vi.waitFor(async () => expect((await jobs.counts()).failed).toBe(2), SOON);

    const failed = await jobs.failed(10);
    expect(failed).toEqual([
      expect.objectContaining({ name: erased.name, reason: 'Error EIO', attempts: 1, canRetry: false }),
      expect.objectContaining({ name: kept.name, reason: 'Error EIO', attempts: 2, canRetry: true }),
    ]);
    expect(await jobs.failed(1)).toHaveLength(1);
    expect(await jobs.retry(failed[0]?.id ?? '')).toBe(false);
    expect(await jobs.retry('nonsense')).toBe(false);

    isBroken = false;
    const id = failed[1]?.id ?? '';
    expect(await Promise.all([jobs.retry(id), jobs.retry(id)])).toEqual(
      expect.arrayContaining([true, false]),
    );
    await vi.waitFor(async () => expect((await jobs.counts()).failed).toBe(1), SOON);
    await vi.waitFor(() => expect(ran.at(-1)).toEqual(['kept', 1]), SOON);
    await vi.waitFor(async () => expect((await jobs.counts()).running).toBe(0), SOON);
    expect(ran.filter((one) => (one as unknown[])[0] === 'kept')).toHaveLength(3);
    expect(await jobs.retry(id)).toBe(false);
  });

  it('does not try again what says that it cannot succeed', async () => {
    const { jobs } = await cluster.node();
    const reasons: unknown[] = [];
    let runs = 0;
    const work = kind({
      run: async () => {
        runs += 1;
        throw new DoNotRetry('hopeless', { cause: new Error('the key was refused') });
      },
      exhausted: async (_payload, reason) => void reasons.push(reason),
    });
    jobs.define(work);
    await jobs.start();
    await enqueue(cluster.database, jobs, { name: work.name, payload: null });
    await vi.waitFor(async () => expect((await jobs.counts()).failed).toBe(1), SOON);
    expect(runs).toBe(1);
    expect(reasons).toEqual([expect.objectContaining({ message: 'the key was refused' })]);
  });

  it('runs later, without using up an attempt, what asks for it', async () => {
    const { jobs } = await cluster.node();
    const attempts: number[] = [];
    const work = kind({
      maxAttempts: 1,
      run: async (job) => {
        attempts.push(job.attempt);
        if (attempts.length < 4) throw new RetryLater(Date.now() + 20);
      },
    });
    jobs.define(work);
    await jobs.start();
    await enqueue(cluster.database, jobs, { name: work.name, payload: null });
    await vi.waitFor(() => expect(attempts).toEqual([1, 1, 1, 1]), SOON);
    await vi.waitFor(
      async () => expect(await jobs.counts()).toEqual({ queued: 0, running: 0, failed: 0 }),
      SOON,
    );
  });

  it('does not run before its time', async () => {
    const { jobs } = await cluster.node();
    const ran: number[] = [];
    const work = kind({ run: async () => void ran.push(Date.now()) });
    jobs.define(work);
    await jobs.start();
    const runAt = Date.now() + 400;
    await enqueue(cluster.database, jobs, { name: work.name, payload: null, runAt });
    await enqueue(cluster.database, jobs, { name: work.name, payload: null, runAt: Date.now() + 3_600_000 });
    await vi.waitFor(() => expect(ran).toHaveLength(1), SOON);
    expect(ran[0]).toBeGreaterThanOrEqual(runAt);
    expect(await jobs.counts()).toEqual({ queued: 1, running: expect.any(Number), failed: 0 });
  });

  it('never runs more at once than the kind and the owner may, and reaches both', async () => {
    const { jobs } = await cluster.node();
    const now = { all: 0, a: 0, b: 0 };
    const most = { all: 0, a: 0, b: 0 };
    let done = 0;
    const work = kind<'a' | 'b'>({
      concurrency: 3,
      perOwner: 2,
      run: async ({ payload }) => {
        for (const key of ['all', payload] as const) {
          now[key] += 1;
          most[key] = Math.max(most[key], now[key]);
        }
        await pause(15);
        now.all -= 1;
        now[payload] -= 1;
        done += 1;
      },
    });
    jobs.define(work);
    await cluster.database.transaction(async (tx) => {
      for (let n = 0; n < 20; n += 1) {
        const owner = n < 10 ? 'a' : 'b';
        await jobs.enqueue(tx, { name: work.name, payload: owner, owner });
      }
    });
    await jobs.start();
    await vi.waitFor(() => expect(done).toBe(20), SOON);
    expect(most).toEqual({ all: 3, a: 2, b: 2 });
  });

  it('keeps the limits of different kinds apart', async () => {
    const { jobs } = await cluster.node();
    const most = new Map<string, number>();
    let done = 0;
    const limited = (concurrency: number) => {
      let now = 0;
      const work = kind({
        concurrency,
        run: async () => {
          now += 1;
          most.set(work.name, Math.max(most.get(work.name) ?? 0, now));
          // Hold on until as many as may be are at work, however slow the machine is; then let one too many show.
          await vi.waitUntil(() => (most.get(work.name) ?? 0) >= concurrency, SOON);
          await pause(10);
          now -= 1;
          done += 1;
        },
      });
      jobs.define(work);
      return work;
    };
    const [one, three] = [limited(1), limited(3)];
    await jobs.start();
    await cluster.database.transaction(async (tx) => {
      for (let n = 0; n < 30; n += 1)
        await jobs.enqueue(tx, { name: n < 15 ? one.name : three.name, payload: n });
    });
    await vi.waitFor(() => expect(done).toBe(30), SOON);
    expect(most).toEqual(
      new Map([
        [one.name, 1],
        [three.name, 3],
      ]),
    );
  });

  it('serves owners in turn, so that many jobs of one do not starve another', async () => {
    const { jobs } = await cluster.node();
    const order: string[] = [];
    const work = kind<string>({
      concurrency: 2,
      run: async ({ payload }) => {
        order.push(payload);
        await pause(2);
      },
    });
    jobs.define(work);
    await cluster.database.transaction(async (tx) => {
      for (let n = 0; n < 100; n += 1)
        await jobs.enqueue(tx, { name: work.name, payload: 'busy', owner: 'busy' });
      await jobs.enqueue(tx, { name: work.name, payload: 'other', owner: 'other' });
    });
    await jobs.start();
    await vi.waitFor(() => expect(order).toHaveLength(101), SOON);
    expect(order.indexOf('other')).toBeLessThan(6);
  });

  it('runs the jobs of one owner in the order in which they came', async () => {
    const { jobs } = await cluster.node();
    const order: number[] = [];
    const work = kind<number>({ perOwner: 1, run: async ({ payload }) => void order.push(payload) });
    jobs.define(work);
    for (let n = 0; n < 10; n += 1)
      await enqueue(cluster.database, jobs, { name: work.name, payload: n, owner: 'o' });
    await jobs.start();
    await vi.waitFor(() => expect(order).toHaveLength(10), SOON);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('removes a waiting job that is cancelled, unless the cancelling is rolled back', async () => {
    const { jobs } = await cluster.node();
    const ran: string[] = [];
    const work = kind<string>({ run: async ({ payload }) => void ran.push(payload) });
    jobs.define(work);
    for (const key of ['kept', 'gone'])
      await enqueue(cluster.database, jobs, { name: work.name, payload: key, uniqueKey: key });
    await cluster.database.transaction((tx) => jobs.cancel(tx, 'gone'));
    await cluster.database.transaction((tx) => jobs.cancel(tx, 'never was'));
    const undone = cluster.database.transaction(async (tx) => {
      await jobs.cancel(tx, 'kept');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await jobs.has('gone')).toBe(false);
    await jobs.start();
    await vi.waitFor(() => expect(ran).toEqual(['kept']), SOON);
    await pause(100);
    expect(ran).toEqual(['kept']);
  });

  it('aborts a running job that is cancelled and never runs it again; its key is free at once', async () => {
    const { jobs } = await cluster.node();
    const started = gate();
    const aborted = gate();
    const exhausted = vi.fn(async () => {});
    let runs = 0;
    const work = kind({
      run: async ({ signal }) => {
        runs += 1;
        if (runs > 1) return;
        started.open();
        await untilAborted(signal).finally(aborted.open);
      },
      exhausted,
    });
    jobs.define(work);
    await jobs.start();
    await enqueue(cluster.database, jobs, { name: work.name, payload: null, uniqueKey: 'k' });
    await started.passed;
    await cluster.database.transaction((tx) => jobs.cancel(tx, 'k'));
    expect(await jobs.has('k')).toBe(false);
    await aborted.passed;
    await vi.waitFor(
      async () => expect(await jobs.counts()).toEqual({ queued: 0, running: 0, failed: 0 }),
      SOON,
    );
    await pause(100);
    expect(runs).toBe(1);
    expect(exhausted).not.toHaveBeenCalled();
    await enqueue(cluster.database, jobs, { name: work.name, payload: null, uniqueKey: 'k' });
    await vi.waitFor(() => expect(runs).toBe(2), SOON);
  });

  it('lets running jobs finish when it stops', async () => {
    const { jobs } = await cluster.node();
    const started = gate();
    let finished = false;
    const work = kind({
      run: async () => {
        started.open();
        await pause(150);
        finished = true;
      },
    });
    jobs.define(work);
    await jobs.start();
    await enqueue(cluster.database, jobs, { name: work.name, payload: null });
    await started.passed;
    await jobs.stop(5_000);
    expect(finished).toBe(true);
    expect(await jobs.counts()).toEqual({ queued: 0, running: 0, failed: 0 });
  });

  it.each(['heeds', 'ignores'])(
    'hands back a job that %s its abort, and another node runs it',
    async (manner) => {
      const first = await cluster.node();
      const started = gate();
      const attempts: number[] = [];
      const work = kind({
        maxAttempts: 1,
        run: async ({ attempt, signal }) => {
          attempts.push(attempt);
          if (attempts.length > 1) return;
          started.open();
          await (manner === 'heeds' ? untilAborted(signal) : new Promise(() => {}));
        },
      });
      first.jobs.define(work);
      await first.jobs.start();
      await enqueue(cluster.database, first.jobs, { name: work.name, payload: null, owner: 'o' });
      await started.passed;
      await first.jobs.stop(50);
      expect(await first.jobs.counts()).toEqual({ queued: 1, running: 0, failed: 0 });
      const second = await cluster.node();
      second.jobs.define(work);
      await second.jobs.start();
      await vi.waitFor(() => expect(attempts).toEqual([1, 1]), SOON);
    },
  );

  it('takes no new jobs while it stops', async () => {
    const { jobs } = await cluster.node();
    let runs = 0;
    const started = gate();
    const work = kind({
      concurrency: 1,
      run: async () => {
        runs += 1;
        started.open();
        await pause(100);
      },
    });
    jobs.define(work);
    await jobs.start();
    await enqueue(cluster.database, jobs, { name: work.name, payload: null });
    await enqueue(cluster.database, jobs, { name: work.name, payload: null });
    await started.passed;
    await jobs.stop(5_000);
    expect(runs).toBe(1);
    expect((await jobs.counts()).queued).toBe(1);
  });

  it('runs again what a node that died was running, and fences off its late answer', async () => {
    const first = await cluster.node();
    const started = gate();
    const release = gate();
    const attempts: number[] = [];
    const work = kind({
      run: async ({ attempt }) => {
        attempts.push(attempt);
        if (attempts.length > 1) return;
        started.open();
        await release.passed;
      },
    });
    first.jobs.define(work);
    await first.jobs.start();
    await enqueue(cluster.database, first.jobs, {
      name: work.name,
      payload: null,
      owner: 'o',
      uniqueKey: 'k',
    });
    await started.passed;
    await first.die();
    const second = await cluster.node();
    second.jobs.define(work);
    await second.jobs.start();
    await vi.waitFor(() => expect(attempts).toEqual([1, 2]), SOON);
    await vi.waitFor(async () => expect(await second.jobs.has('k')).toBe(false), SOON);
    release.open();
  });

  it('gives up a job that ends the process each time', async () => {
    const reasons: unknown[] = [];
    let runs = 0;
    const work = kind({
      maxAttempts: 2,
      run: async () => {
        runs += 1;
        await new Promise(() => {});
      },
      exhausted: async (_payload, reason) => void reasons.push(reason),
    });
    for (let n = 1; n <= 2; n += 1) {
      const node = await cluster.node();
      node.jobs.define(work);
      if (n === 1) await enqueue(cluster.database, node.jobs, { name: work.name, payload: null });
      await node.jobs.start();
      await vi.waitFor(() => expect(runs).toBe(n), SOON);
      await node.die();
    }
    const last = await cluster.node();
    last.jobs.define(work);
    await last.jobs.start();
    await vi.waitFor(() => expect(reasons).toHaveLength(1), SOON);
    expect(runs).toBe(2);
  });

  it('keeps the lease of a job that takes longer than a lease', async () => {
    const nodes = [await cluster.node(), await cluster.node()];
    let runs = 0;
    const work = kind({
      run: async () => {
        runs += 1;
        await pause(1_500);
      },
    });
    for (const { jobs } of nodes) {
      jobs.define(work);
      await jobs.start();
    }
    const [node] = nodes;
    if (node)
      await enqueue(cluster.database, node.jobs, { name: work.name, payload: null, uniqueKey: 'long' });
    await pause(200);
    await vi.waitFor(async () => expect(await node?.jobs.has('long')).toBe(false), SOON);
    expect(runs).toBe(1);
  });

  it('runs a recurring job once per interval however many nodes there are', async () => {
    const times: number[] = [];
    const work = kind<null>({ everyMs: 400, run: async () => void times.push(Date.now()) });
    for (let n = 0; n < 2; n += 1) {
      const { jobs } = await cluster.node();
      jobs.define(work);
      await jobs.start();
      // A starting SQLite node takes over what is running at that moment, for it knows that it is alone.
      await vi.waitFor(() => expect(times).not.toHaveLength(0), SOON);
      await pause(30);
    }
    const begun = Date.now();
    await vi.waitFor(() => expect(times.length).toBeGreaterThanOrEqual(4), SOON);
    const intervals = (Date.now() - begun) / 400;
    expect(times.length).toBeLessThanOrEqual(intervals + 2);
    for (const [n, time] of times.entries()) {
      if (n > 0) expect(time - (times[n - 1] ?? 0)).toBeGreaterThan(150);
    }
  });

  it('goes on with a recurring job after it failed, and does not count it as failed or waiting', async () => {
    const { jobs } = await cluster.node();
    let runs = 0;
    const exhausted = vi.fn(async () => {});
    const work = kind<null>({
      everyMs: 100,
      maxAttempts: 1,
      run: async () => {
        runs += 1;
        throw new Error('broken');
      },
      exhausted,
    });
    jobs.define(work);
    await jobs.start();
    await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(3), SOON);
    expect(exhausted.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(await jobs.counts()).toMatchObject({ queued: 0, failed: 0 });
    await expect(enqueue(cluster.database, jobs, { name: work.name, payload: null })).rejects.toThrow(
      'recurring',
    );
  });

  it('runs each of 500 jobs that were enqueued at once exactly once, on two nodes', async () => {
    const runs = new Map<number, number>();
    const work = kind<number>({
      concurrency: 4,
      run: async ({ payload }) => void runs.set(payload, (runs.get(payload) ?? 0) + 1),
    });
    const nodes = [await cluster.node(), await cluster.node()];
    for (const { jobs } of nodes) {
      jobs.define(work);
      await jobs.start();
    }
    await Promise.all(
      Array.from({ length: 500 }, (_, n) => {
        const node = nodes[n % nodes.length];
        return (
          node && enqueue(cluster.database, node.jobs, { name: work.name, payload: n, owner: `o${n % 7}` })
        );
      }),
    );
    await vi.waitFor(() => expect(runs.size).toBe(500), { timeout: 20_000, interval: 20 });
    await vi.waitFor(
      async () => expect(await nodes[0]?.jobs.counts()).toMatchObject({ queued: 0, running: 0 }),
      SOON,
    );
    expect([...runs.values()].every((count) => count === 1)).toBe(true);
  });
});
