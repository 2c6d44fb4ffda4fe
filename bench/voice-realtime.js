// @ts-check
// The Realtime part of `npm run bench -- --voice`: many connections through the proxy, and how soon the builtin engines answer.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { end, forkOwned } from './processes.js';
import { startServer } from './server.js';
import { latencies } from './statistics.js';

const UPSTREAM = fileURLToPath(new URL('./load/realtime-upstream.js', import.meta.url));
const CLIENTS = fileURLToPath(new URL('./load/realtime-clients.js', import.meta.url));
const CONNECTIONS = 200;
const SAMPLES_PER_PIECE = 2_400;

/**
 * @param {(what: string, measured: string, budget?: string) => void} note
 * @param {{ folder: string, seconds: number, turns: number }} options
 */
export async function measureRealtime(note, { folder, seconds, turns }) {
  const upstream = forkOwned(UPSTREAM);
  /** @type {number} */
  const upstreamPort = await new Promise((resolve) => upstream.once('message', resolve));
  const proxy = await startServer({
    DATA_DIR: join(folder, 'realtime-proxy'),
    APPS: 'voice',
    OPENAI_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
    VOICE_REALTIME: 'proxy',
    VOICE_REQUESTS_PER_MINUTE: '1000000000',
    VOICE_SESSIONS_PER_ADDRESS: '100000',
  });
  const direct = await listenTo(upstreamPort, seconds);
  const through = await listenTo(proxy.port, seconds);
  const words = (
    /** @type {import('./load/realtime-clients.js').Measured} */ { pieces, expected, delay, gap, lost },
  ) =>
    `${pieces} of about ${expected} pieces of 20 ms; on the way p50 ${delay.p50}, p95 ${delay.p95}, p99 ${delay.p99} ms; between two p99 ${gap.p99}, longest ${gap.slowest} ms${lost > 0 ? `; ${lost} CONNECTIONS LOST` : ''}`;
  note(`${CONNECTIONS} Realtime connections, sound both ways, straight to the upstream`, words(direct));
  note(
    `The same through the proxy (${proxy.megabytes()} MB)`,
    words(through),
    'no gaps: players hold 100 ms and more',
  );
  await proxy.stop();
  await end(upstream);

  const local = await startServer({
    DATA_DIR: join(folder, 'realtime-local'),
    APPS: 'voice',
    AI_TEXT: 'builtin',
    AI_TRANSCRIPTION: 'builtin',
  });
  const waits = await talk(local.port, turns);
  const { p50, p95, slowest } = latencies(waits);
  note(
    `First audio after the end of speech, builtin engines, ${turns} turns (500 ms of them are the silence that ends a turn)`,
    `p50 ${p50}, p95 ${p95}, slowest ${slowest} ms`,
    'p50 ≤ 1,000, p95 ≤ 2,000 ms',
  );
  await local.stop();
}

/** @param {number} port @param {number} seconds @returns {Promise<import('./load/realtime-clients.js').Measured>} */
async function listenTo(port, seconds) {
  const clients = forkOwned(CLIENTS, [JSON.stringify({ port, connections: CONNECTIONS, seconds })]);
  return new Promise((resolve) =>
    clients.once('message', (measured) => resolve(/** @type {any} */ (measured))),
  );
}

/**
 * Asks a spoken question at the pace of speech, again and again.
 *
 * @param {number} port
 * @param {number} turns
 * @returns {Promise<number[]>} milliseconds from the last sound of the question to the first of the answer
 */
async function talk(port, turns) {
  const spoken = await fetch(`http://127.0.0.1:${port}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'tts-1',
      voice: 'alloy',
      input: 'What is twenty five plus seventeen?',
      response_format: 'pcm',
    }),
  });
  const question = Buffer.from(await spoken.arrayBuffer());
  const silence = Buffer.alloc(SAMPLES_PER_PIECE * 2);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/realtime?model=bench`);
  await new Promise((resolve) => socket.once('open', resolve));
  let answeredAt = 0;
  let isDone = false;
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data));
    if (type === 'response.output_audio.delta') answeredAt ||= performance.now();
    if (type === 'response.done') isDone = true;
  });
  const say = (/** @type {Buffer} */ sound) =>
    socket.send(JSON.stringify({ type: 'input_audio_buffer.append', audio: sound.toString('base64') }));
  /** @type {number[]} */
  const waits = [];
  for (let turn = 0; turn < turns; turn += 1) {
    answeredAt = 0;
    isDone = false;
    for (let piece = 0; piece < 5; piece += 1) {
      say(silence);
      await sleep(100);
    }
    for (let from = 0; from < question.length; from += SAMPLES_PER_PIECE * 2) {
      say(question.subarray(from, from + SAMPLES_PER_PIECE * 2));
      await sleep(100);
    }
    const spokenAt = performance.now();
    while (!isDone) {
      say(silence);
      await sleep(100);
    }
    waits.push(answeredAt - spokenAt);
  }
  socket.close();
  return waits;
}
