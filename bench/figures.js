// @ts-check
// The measurements that are one figure each rather than a load.
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE } from './data.js';
import { startServer } from './server.js';
import { signIn } from './speech-client.js';
import { latencies, median, rounded } from './statistics.js';

/** @typedef {import('./report.js').Result} Result */

/** @param {Readonly<Record<string, string>>} environment @returns {Promise<Result>} */
export async function startUp(environment) {
  const times = [];
  for (let n = 0; n < 6; n += 1) {
    const server = await startServer(environment);
    await server.stop();
    if (n > 0) times.push(server.startMs); // the first warms the disk's cache
  }
  return {
    id: 'start-up',
    title: 'Process start to `/health` 200, existing data, median of 5',
    value: rounded(median(times)),
    unit: 'ms',
  };
}

/** One minute of speech, three times. @param {number} port @returns {Promise<Result>} */
export async function speechTime(port) {
  const user = await signIn(port, 'sk-key-of-the-benchmark-speaker');
  const times = [];
  for (let n = 0; n < 3; n += 1) {
    const began = performance.now();
    await user.speak(`Part ${n + 1}. ${MINUTE}`, 10);
    times.push(performance.now() - began);
  }
  const files = await user.list();
  const seconds = median(files.map((file) => file.duration_seconds));
  return {
    id: 'speech-minute',
    title: 'Order to ready of one minute of speech, builtin voice, median of 3',
    value: rounded(median(times) * (60 / seconds)),
    unit: 'ms',
  };
}

/** Latency of `/health` every 10 ms while the builtin voice has more to do than it can. @param {number} port @returns {Promise<Result>} */
export async function pingWhileSpeaking(port) {
  const user = await signIn(port, 'sk-key-of-the-benchmark-talker');
  let speaking = true;
  const spoken = Promise.all(
    Array.from({ length: 24 }, (_, n) => user.speak(`Talk ${n + 1}. ${MINUTE} ${MINUTE}`)),
  ).then(() => {
    speaking = false;
  });
  const milliseconds = [];
  while (speaking) {
    const began = performance.now();
    await fetch(`http://127.0.0.1:${port}/health`).then((answer) => answer.text());
    milliseconds.push(performance.now() - began);
    await sleep(10);
  }
  await spoken;
  return {
    id: 'ping-while-speaking',
    title: '`GET /health` while the builtin voice keeps all cores busy',
    latencies: latencies(milliseconds),
  };
}

/**
 * Memory after a start on existing data, and what speaking leaves behind.
 *
 * @param {Readonly<Record<string, string>>} environment
 * @param {{ idleSeconds: number, restSeconds: number }} waits
 * @returns {Promise<Result[]>}
 */
export async function memory(environment, { idleSeconds, restSeconds }) {
  const server = await startServer(environment);
  await sleep(idleSeconds * 1_000);
  const idle = server.megabytes();
  const user = await signIn(server.port, 'sk-key-of-the-benchmark-reader');
  let speaking = true;
  let most = 0;
  const spoken = Promise.all(
    Array.from({ length: 6 }, (_, n) => user.speak(`${process.pid} ${n + 1}. ${MINUTE}`)),
  ).then(() => {
    speaking = false;
  });
  while (speaking) {
    most = Math.max(most, server.megabytes() ?? 0);
    await sleep(20);
  }
  await spoken;
  await sleep(restSeconds * 1_000);
  const rested = server.megabytes();
  await server.stop();
  return [
    {
      id: 'memory-idle',
      title: `Resident memory ${idleSeconds} s after the start`,
      value: idle,
      unit: 'MB',
    },
    {
      id: 'memory-speaking',
      title: 'Resident memory at most while six minutes of speech are made',
      value: most || null,
      unit: 'MB',
    },
    {
      id: 'memory-rested',
      title: `Resident memory ${restSeconds} s after that`,
      value: rested,
      unit: 'MB',
    },
  ];
}
