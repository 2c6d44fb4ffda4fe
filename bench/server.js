// @ts-check
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { end, processorMilliseconds, residentMegabytes, spawnOwned } from './processes.js';

const MAIN = fileURLToPath(new URL('../server/dist/main.js', import.meta.url));
const START_LIMIT_MS = 30_000;

/**
 * @typedef {object} RunningServer
 * @property {number} port
 * @property {number | undefined} pid
 * @property {number} startMs from the process's start to the first 200 of /health
 * @property {() => number | null} megabytes resident now
 * @property {() => number | null} processorMs processor time used so far
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the built server as an operator would in production, on a free port of the loopback address.
 *
 * @param {Readonly<Record<string, string>>} environment
 * @returns {Promise<RunningServer>}
 */
export async function startServer(environment) {
  const { PATH = '', HOME = '', BENCH_NODE_OPTIONS = '' } = process.env;
  const began = performance.now();
  const child = spawnOwned(
    process.execPath,
    [...BENCH_NODE_OPTIONS.split(' ').filter(Boolean), MAIN, 'serve'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH,
        HOME,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: '0',
        AI_SPEECH: 'builtin',
        ...environment,
      },
    },
  );
  const port = await listeningPort(child);
  await fetch(`http://127.0.0.1:${port}/health`).then((answer) => answer.text());
  const startMs = performance.now() - began;
  return {
    port,
    pid: child.pid,
    startMs,
    megabytes: () => residentMegabytes(child.pid),
    processorMs: () => processorMilliseconds(child.pid),
    stop: () => end(child),
  };
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
function listeningPort(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The server did not start in time.')), START_LIMIT_MS);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code} while starting.`)));
    if (!child.stdout) return;
    // Read to the end, lest a full pipe holds up the server.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const port = /listening on \S+:(\d+)/.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}
