import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/servers.js';
import { chanceOf } from './chance.js';
import { faultsOf, faultsOn } from './faults.js';
import type { HouseDatabase } from './ground.js';
import { acknowledgedBy, acknowledgedIn, beginShift, openHouse } from './house.js';

export interface RoundsOptions {
  readonly database: HouseDatabase;
  readonly rounds: number;
  readonly seed: number;
  /** Told of each round. */
  readonly progress?: (line: string) => void;
}

export interface RoundsReport {
  readonly database: HouseDatabase;
  /** That were begun. */
  readonly rounds: number;
  readonly seed: number;
  readonly seconds: number;
  /** Milliseconds until everything could be used again, by fault. */
  readonly backAfter: ReadonlyMap<string, readonly number[]>;
  /** Milliseconds that starts of the server took. */
  readonly starts: readonly number[];
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly failedJobs: number;
  readonly errors: ReadonlyMap<string, number>;
  /** Sentences about what is lost, doubled, half-written or broken. */
  readonly problems: readonly string[];
}

/** Between two steps of one resident. */
const PACE_MS = 40;
/** Acknowledged in a round before its fault: a fault without load would prove nothing. */
const LOAD = 40;
const LOAD_WITHIN_MS = 180_000;
const ROUNDS_PER_SHIFT = 25;

/** Lets users of all five apps live in a house in which one thing goes wrong in each round, and judges what they have lost. */
export async function runRounds(options: RoundsOptions): Promise<RoundsReport> {
  const { database, rounds, seed, progress = () => {} } = options;
  const began = performance.now();
  const chance = chanceOf(seed);
  const house = await openHouse(database);
  const backAfter = new Map<string, number[]>();
  const starts: number[] = [];
  const problems: string[] = [];
  let round = 0;
  const faults = faultsOf(faultsOn(house.ground), chance);

  /** One fault under load, and everything that comes after it. */
  const strike = async (shift: { hasFailed(): boolean }): Promise<void> => {
    const { value: fault } = faults.next();
    const before = acknowledgedIn(house);
    await eventually(
      async () => acknowledgedIn(house) - before,
      (count) => count >= LOAD || shift.hasFailed(),
      LOAD_WITHIN_MS,
    );
    await sleep(chance.between(0, 300));
    const restart = async (signal: 'SIGKILL' | 'SIGTERM') => {
      starts.push(await house.restart(signal));
    };
    await fault.strike(
      { ground: house.ground, upstream: house.upstream, pid: house.server().pid, restart },
      chance,
    );
    const over = performance.now();
    await house.ready();
    const back = performance.now() - over;
    backAfter.set(fault.name, [...(backAfter.get(fault.name) ?? []), back]);
    problems.push(...(await house.ground.integrity()));
    progress(`round ${round}: ${fault.name}; back after ${Math.round(back)} ms`);
  };

  try {
    while (round < rounds && problems.length === 0) {
      const shift = beginShift(house, PACE_MS);
      const last = Math.min(rounds, round + ROUNDS_PER_SHIFT);
      while (round < last && problems.length === 0 && !shift.hasFailed()) {
        round += 1;
        await strike(shift);
      }
      await shift.end();
      problems.push(...(await house.judge()));
      progress(
        `after ${round} of ${rounds} rounds ${acknowledgedIn(house)} were acknowledged, ${problems.length} are not as they should be`,
      );
    }
    const failed = await house.ground.query("select name from background_jobs where state = 'failed'");
    return {
      database,
      rounds: round,
      seed,
      seconds: (performance.now() - began) / 1_000,
      backAfter,
      starts,
      acknowledged: acknowledgedBy(house),
      failedJobs: failed.length,
      errors: house.errors(),
      problems,
    };
  } catch (cause) {
    throw new Error(`seed ${seed} on ${database}, round ${round}: ${cause}`, { cause });
  } finally {
    await house.close();
  }
}
