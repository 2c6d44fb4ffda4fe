// @ts-check
// A process of its own: clients of the Realtime protocol that send sound and take sound, 50 pieces a second each.
// Takes one task as JSON in its first argument, answers with one message to its parent.
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { latencies } from '../statistics.js';

/**
 * @typedef {object} Task
 * @property {number} port of the server, or of the upstream itself
 * @property {number} connections
 * @property {number} seconds
 */
/**
 * @typedef {object} Measured
 * @property {number} pieces that arrived
 * @property {number} expected
 * @property {import('../statistics.js').Latencies} delay from the upstream to the client, ms
 * @property {import('../statistics.js').Latencies} gap between two pieces of one connection, ms
 * @property {number} lost connections that ended early
 */

/** @type {Task} */
const task = JSON.parse(process.argv[2] ?? '{}');
const PIECE_MS = 20;
const append = JSON.stringify({
  type: 'input_audio_buffer.append',
  audio: Buffer.alloc(960, 1).toString('base64'),
});
/** @type {number[]} */
const delays = [];
/** @type {number[]} */
const gaps = [];
let lost = 0;
let isOver = false;
let isCounting = false;

/** @returns {Promise<WebSocket>} */
function connect() {
  const socket = new WebSocket(`ws://127.0.0.1:${task.port}/v1/realtime?model=bench`, {
    headers: { authorization: 'Bearer sk-key-of-a-caller-of-the-benchmark' },
    perMessageDeflate: false,
  });
  let last = 0;
  socket.on('message', (data) => {
    if (!isCounting) return;
    const found = /"sent_at":([\d.]+)/.exec(data.toString('utf8', 0, 250));
    if (!found) return;
    const now = performance.timeOrigin + performance.now();
    delays.push(now - Number(found[1]));
    if (last) gaps.push(now - last);
    last = now;
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    if (!isOver) lost += 1;
  });
  return new Promise((resolve) => socket.once('open', () => resolve(socket)));
}

const sockets = await Promise.all(Array.from({ length: task.connections }, connect));
for (const socket of sockets) {
  socket.send('{"type":"response.create"}');
  // Spread over the 20 ms, as strangers are.
  await sleep(PIECE_MS / task.connections);
}
const speaking = setInterval(() => {
  for (const socket of sockets) if (socket.readyState === WebSocket.OPEN) socket.send(append);
}, PIECE_MS);
await sleep(2_000);
isCounting = true;
await sleep(task.seconds * 1_000);
isCounting = false;
clearInterval(speaking);
isOver = true;
for (const socket of sockets) socket.terminate();
/** @type {Measured} */
const measured = {
  pieces: delays.length,
  expected: Math.round((task.connections * task.seconds * 1_000) / PIECE_MS),
  delay: latencies(delays),
  gap: latencies(gaps),
  lost,
};
process.send?.(measured, () => process.exit());
