// @ts-check
// A process of its own that plays devices which stream Opus to `/v4/listen`, in their own time.
// Takes one task as JSON in its first argument, answers its parent with one message.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { latencies } from '../statistics.js';

/**
 * @typedef {object} Task
 * @property {number} port
 * @property {readonly string[]} authorizations one device each
 * @property {string} speech file of `[u16 LE length][packet]`, packets of 20 ms
 * @property {string} silence the same without a voice
 * @property {number} speaking how many speak at a time; the others are silent
 * @property {number} turnSeconds how long one speaks before it is the next one's turn
 * @property {number} seconds
 */

/** @type {Task} */
const task = JSON.parse(process.argv[2] ?? '{}');
const packetMs = 20;
const pingMs = 1_000;

/** @param {string} path */
function packetsOf(path) {
  const bytes = readFileSync(path);
  const packets = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const end = at + 2 + bytes.readUInt16LE(at);
    packets.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return packets;
}

const speech = packetsOf(task.speech);
const silence = packetsOf(task.silence);
/** @type {number[]} */
const pings = [];
let segments = 0;
let delayed = 0;
let closed = 0;

const sockets = await Promise.all(
  task.authorizations.map(
    (authorization) =>
      new Promise((/** @type {(socket: WebSocket) => void} */ resolve, reject) => {
        const address = `ws://127.0.0.1:${task.port}/v4/listen?codec=opus_fs320&sample_rate=16000&language=en`;
        const socket = new WebSocket(address, { headers: { authorization }, perMessageDeflate: false });
        socket.on('error', reject);
        socket.on('close', () => {
          closed += 1;
        });
        socket.on('pong', (data) => pings.push(performance.now() - Number(String(data))));
        socket.on('message', (data) => {
          const text = String(data);
          if (text === 'ping') socket.send(Uint8Array.of(0x8a, 0));
          else if (text.startsWith('[')) segments += 1;
          else if (text.includes('"transcription_delayed"')) delayed += 1;
          else if (text.includes('"ready"')) resolve(socket);
        });
      }),
  ),
);

const began = performance.now();
let sent = 0;
let lastPing = 0;
while (performance.now() - began < task.seconds * 1_000) {
  const now = performance.now() - began;
  const due = Math.floor(now / packetMs);
  for (; sent < due; sent += 1) {
    const turn = Math.floor((sent * packetMs) / 1_000 / task.turnSeconds);
    for (const [index, socket] of sockets.entries()) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      const place = (index - turn * task.speaking) % sockets.length;
      const speaks = (place + sockets.length) % sockets.length < task.speaking;
      const packets = speaks ? speech : silence;
      const packet = packets[(sent + index * 7) % packets.length];
      if (packet) socket.send(packet);
    }
  }
  if (now - lastPing >= pingMs) {
    lastPing = now;
    // Spread over the second, as devices are.
    for (const [index, socket] of sockets.entries())
      setTimeout(
        () => {
          if (socket.readyState === WebSocket.OPEN) socket.ping(String(performance.now()));
        },
        (index * pingMs) / sockets.length,
      );
  }
  await sleep(5);
}
await sleep(1_500);
process.send?.({
  pings: latencies(pings),
  count: pings.length,
  segments,
  delayed,
  closed,
  packets: sent * sockets.length,
});
for (const socket of sockets) socket.terminate();
process.exit(0);
