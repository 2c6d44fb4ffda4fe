import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { HouseGround } from './ground.js';
import { breakages, type Upstream } from './upstream.js';

/** What can be done to a house. */
export interface Victim {
  readonly ground: HouseGround;
  readonly upstream: Upstream;
  readonly pid: number;
  /** Ends the server and starts it again. */
  restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** One thing that goes wrong, and is over when it resolves. */
export interface Fault {
  readonly name: string;
  strike(victim: Victim, chance: Chance): Promise<void>;
}

const awayMs = (chance: Chance): number => chance.between(200, 1_500);

const killed: Fault = {
  name: 'server killed (-9)',
  strike: (victim) => victim.restart('SIGKILL'),
};

const stopped: Fault = {
  name: 'server restarted in good order',
  strike: (victim) => victim.restart('SIGTERM'),
};

const paused: Fault = {
  name: 'server paused',
  strike: async ({ pid }, chance) => {
    process.kill(pid, 'SIGSTOP');
    await sleep(awayMs(chance));
    process.kill(pid, 'SIGCONT');
  },
};

const upstreamBroken: Fault = {
  name: 'upstream broken',
  strike: async ({ upstream }, chance) => {
    upstream.break(chance.oneOf(breakages));
    await sleep(awayMs(chance));
    upstream.mend();
  },
};

const diskFull: Fault = {
  name: 'disk full',
  strike: async ({ ground: { smallDisk } }, chance) => {
    const ballast = join(smallDisk ?? '', 'ballast');
    fill(ballast);
    await sleep(awayMs(chance));
    rmSync(ballast);
  },
};

/** Every write beyond the first bytes of a file fails, as on a broken disk; reading goes on. */
const diskRefuses: Fault = {
  name: 'disk refuses writes',
  strike: async ({ pid }, chance) => {
    limitFiles(pid, '4096');
    await sleep(awayMs(chance));
    limitFiles(pid, 'unlimited');
  },
};

const limitFiles = (pid: number, bytes: string): void => {
  // The soft limit only: the hard one could not be raised again.
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
};

const postgresCut: Fault = {
  name: 'PostgreSQL cut off',
  strike: ({ ground }, chance) => cutFor(ground.services?.postgres, chance),
};
const postgresRestarted: Fault = {
  name: 'PostgreSQL restarted',
  strike: async ({ ground }, chance) => ground.services?.postgres.restart(awayMs(chance)),
};
const redisCut: Fault = {
  name: 'Redis cut off',
  strike: ({ ground }, chance) => cutFor(ground.services?.redis, chance),
};
const redisKilled: Fault = {
  name: 'Redis killed, and empty',
  strike: async ({ ground }, chance) => ground.services?.redis.restart(awayMs(chance)),
};
const s3Cut: Fault = {
  name: 'S3 cut off',
  strike: ({ ground }, chance) => cutFor(ground.services?.s3, chance),
};

async function cutFor(
  way: { cut(): Promise<void>; restore(): Promise<void> } | undefined,
  chance: Chance,
): Promise<void> {
  await way?.cut();
  await sleep(awayMs(chance));
  await way?.restore();
}

function fill(file: string): void {
  let size = 8 << 20;
  while (size > 1_024) {
    try {
      writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
    } catch {
      size = Math.floor(size / 2); // no room for this much: the rest with less
    }
  }
}

export const faultNames: readonly string[] = [
  killed,
  stopped,
  paused,
  upstreamBroken,
  diskFull,
  diskRefuses,
  postgresCut,
  postgresRestarted,
  redisCut,
  redisKilled,
  s3Cut,
].map(({ name }) => name);

/** Everything that can go wrong on this ground, on this machine. */
export function faultsOn(ground: HouseGround): readonly Fault[] {
  return [
    killed,
    stopped,
    paused,
    upstreamBroken,
    ...(ground.smallDisk ? [diskFull] : []),
    ...(hasPrlimit() ? [diskRefuses] : []),
    ...(ground.services ? [postgresCut, postgresRestarted, redisCut, redisKilled, s3Cut] : []),
  ];
}

function hasPrlimit(): boolean {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not on Linux: the house goes without, and its report says so
  }
}

/**
 * The fault of each round: all of them in a shuffled order, again and again, so that a short run has them all.
 */
export function* faultsOf(faults: readonly Fault[], chance: Chance): Generator<Fault, never> {
  for (;;) {
    const left = [...faults];
    while (left.length > 0) {
      const chosen = chance.oneOf(left);
      left.splice(left.indexOf(chosen), 1);
      yield chosen;
    }
  }
}
