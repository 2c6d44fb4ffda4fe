// @ts-check
import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @type {Set<import('node:child_process').ChildProcess>} */
const owned = new Set();

/**
 * @template {import('node:child_process').ChildProcess} P
 * @param {P} child
 * @returns {P}
 */
function own(child) {
  owned.add(child);
  child.once('exit', () => owned.delete(child));
  return child;
}

/**
 * Like `spawn`, but the process does not outlive this one.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export const spawnOwned = (command, args, options) => own(spawn(command, args, options));

/**
 * Like `fork`; the process also ends by itself when this one is gone.
 *
 * @param {string} file
 * @param {readonly string[]} [args]
 */
export const forkOwned = (file, args = []) =>
  own(fork(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));

process.once('exit', () => {
  for (const child of owned) child.kill('SIGKILL');
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.once(signal, () => process.exit(130));

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} [signal] */
export async function end(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

/**
 * What of a process is in memory, in megabytes (10^6 bytes), or null where the system does not tell.
 *
 * @param {number | undefined} pid
 */
export function residentMegabytes(pid) {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Math.round((Number(kilobytes) * 1_024) / 1e5) / 10;
  } catch {
    return null;
  }
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/**
 * The processor time that a process has used so far, in milliseconds, or null where the system does not tell.
 *
 * @param {number | undefined} pid
 */
export function processorMilliseconds(pid) {
  try {
    // Behind the name, which may contain anything, in parentheses: utime and stime are fields 14 and 15 (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return null;
  }
}
