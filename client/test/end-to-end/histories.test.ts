import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Ground } from '../../../server/test/support/servers.js';
import { layGround, stacks } from '../../../server/test/support/servers.js';
import { signIn } from '../../../server/test/support/speech-client.js';
import type { HistoryReport } from './histories/history.js';
import { runHistory } from './histories/history.js';
import type { MortalServer } from './histories/mortal-server.js';
import { startMortalServer } from './histories/mortal-server.js';

/** `npm run test:sync` sets these. */
const { HISTORIES, SEED, SYNC_DATABASE, SYNC_MINUTES } = process.env;
/** 200 in the suite, no seed twice. */
const scenes = [
  { stack: stacks[0], database: 'sqlite', seed: 1 },
  { stack: stacks[1], database: 'postgres', seed: 101 },
].filter(({ database }) => database === (SYNC_DATABASE ?? database));
const count = Number(HISTORIES ?? 100);
/** After that time no more are begun. */
const limitMs = Number(SYNC_MINUTES ?? 30) * 60_000;
/** Histories that share the server at a time. */
const AT_ONCE = 12;
/** On the average; starting again takes as long as some hundreds of them. */
const REQUESTS_PER_LIFE = count > 500 ? 3000 : 700;
const SECONDS_PER_HISTORY = 300;

describe.each(scenes)('row 4: random histories on $stack', ({ stack, database, seed: usualSeed }) => {
  let ground: Ground;
  let server: MortalServer;

  beforeAll(async () => {
    ground = await layGround(stack);
    // Signing in by a key of the speech app costs no hashing.
    const environment = { ...ground.environment, APPS: 'stories,speech', LOG_LEVEL: 'info' };
    server = await startMortalServer(environment, { requestsPerLife: REQUESTS_PER_LIFE });
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
  });

  /** A new user; again when the server was killed meanwhile. */
  const signUp = async (): Promise<string> => {
    for (;;) {
      try {
        return (await signIn(await server.url())).token;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }
  };

  test(`${count} of three to five devices converge through kill -9`, {
    timeout: limitMs + 2 * SECONDS_PER_HISTORY * 1000,
  }, async () => {
    const began = performance.now();
    const reports: HistoryReport[] = [];
    const failures: Error[] = [];
    const first = Number(SEED ?? usualSeed);
    let next = first;
    const isTime = () => performance.now() - began < limitMs;
    const work = async (): Promise<void> => {
      while (next < first + count && failures.length < 5 && isTime()) {
        const seed = next;
        next += 1;
        try {
          reports.push(await within(SECONDS_PER_HISTORY, runHistory(seed, server, signUp)));
          if (reports.length % 500 === 0) console.info(`${stack}: ${reports.length} histories so far`);
        } catch (cause) {
          failures.push(
            new Error(
              `seed ${seed} (npm run test:sync -- --runs 1 --seed ${seed} --database ${database}): ${cause}`,
              { cause },
            ),
          );
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const sum = (of: keyof HistoryReport): number => reports.reduce((total, each) => total + each[of], 0);
    console.info(
      `${stack}: ${reports.length} of ${count} histories (from seed ${first}) converged, with ${sum('devices')} devices, ${sum('edits')} edits, ` +
        `${sum('crashes')} crashes of devices, ${sum('conflicts')} conflicts (${sum('questions')} decided by hand), ${sum('requests')} requests, ` +
        `${server.kills} kills of the server (slowest return ${server.slowestReturn.toFixed(0)} ms) in ${((performance.now() - began) / 1000).toFixed(1)} s; ${failures.length} failed`,
    );
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n\n'));
  });
});

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  const limit = new AbortController();
  const late = sleep(seconds * 1000, null, { signal: limit.signal }).then(() => {
    throw new Error(`It did not end within ${seconds} s.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    limit.abort();
  }
}
