// @ts-check
// `npm run bench -- --companion`: the companion app's figures, written to docs/benchmarks/companion.{json,md}.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import OpusScript from 'opusscript';
import { WebSocket } from 'ws';
import { describeMachine } from './machine.js';
import { forkOwned } from './processes.js';
import { machineLine } from './report.js';
import { startServer } from './server.js';
import { signIn } from './speech-client.js';
import { latencies, median, rounded } from './statistics.js';

const DRIVER = fileURLToPath(new URL('./load/companion-streams.js', import.meta.url));
const STREAMS = 200;
const CLIENTS = 100;
const quick = process.argv.includes('--quick');
const streamSeconds = quick ? 8 : 60;
const loadSeconds = quick ? 5 : 30;
const RATE = 16_000;

const folder = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const machine = await describeMachine(folder);
/** @param {string} name */
const built = (name) => import(new URL(`../server/dist/platform/${name}`, import.meta.url).href);

/** @type {{ what: string, measured: string, budget: string }[]} */
const rows = [];
const note = (/** @type {string} */ what, /** @type {string} */ measured, budget = '') => {
  rows.push({ what, measured, budget });
  console.log(`${what}: ${measured}${budget && `   (budget: ${budget})`}`);
};
/** @param {import('./statistics.js').Latencies} of */
const spread = ({ p50, p95, p99 }) => `p50 ${p50}, p95 ${p95}, p99 ${p99} ms`;

/** Words that answer at once, so that the server is measured and not a recogniser. */
const upstream = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        task: 'transcribe',
        language: 'english',
        duration: 1,
        text: 'one two three four',
        segments: [],
      }),
    );
  });
});
const upstreamPort = await new Promise((/** @type {(port: number) => void} */ resolve) => {
  upstream.listen(0, '127.0.0.1', () => {
    const address = upstream.address();
    resolve(address && typeof address === 'object' ? address.port : 0);
  });
});

const spoken = await speech(
  'The weather in the city is very good today, and we will meet our friends at the river. ',
);
const packets = packed(spoken);
const files = {
  speech: join(folder, 'speech.packets'),
  silence: join(folder, 'silence.packets'),
};
writeFileSync(files.speech, Buffer.concat(packets.map((packet) => framed(packet, 2))));
writeFileSync(
  files.silence,
  Buffer.concat(packed(new Int16Array(RATE * 2)).map((packet) => framed(packet, 2))),
);

const common = { APPS: 'speech,companion', RATE_LIMIT_MAX: '1000000000' };
const heardByUpstream = {
  AI_TRANSCRIPTION: 'openai',
  AI_TEXT: 'builtin',
  OPENAI_API_KEY: 'sk-bench',
  OPENAI_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
};
await streams(
  'five at a time speak, heard by PocketSphinx',
  { ...common, DATA_DIR: join(folder, 'few') },
  { speaking: 5, turnSeconds: 3 },
);
await streams(
  'all speak all the time, heard by an upstream on the same machine',
  { ...common, ...heardByUpstream, DATA_DIR: join(folder, 'all') },
  { speaking: STREAMS, turnSeconds: 1_000 },
);

const server = await startServer({ ...common, DATA_DIR: join(folder, 'clients') });
await requirements(server.port);
await uploads(server.port, 'heard by PocketSphinx', '< 5 s');
await server.stop();
const hearing = await startServer({ ...common, ...heardByUpstream, DATA_DIR: join(folder, 'uploads') });
await uploads(hearing.port, 'recognised by an upstream that answers at once', '< 1 s');
await hearing.stop();
upstream.close();

const documents = fileURLToPath(new URL('../docs/benchmarks', import.meta.url));
if (!quick) {
  mkdirSync(documents, { recursive: true });
  writeFileSync(join(documents, 'companion.json'), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  writeFileSync(
    join(documents, 'companion.md'),
    `# Companion: SQLite, one process

Made by \`npm run bench -- --companion\` on ${machineLine({ machine })}. Server, recogniser and load generator share the machine's cores.

| What | Measured | Budget |
|---|---|---|
${rows.map(({ what, measured, budget }) => `| ${what} | ${measured} | ${budget} |`).join('\n')}

A stream sends a packet of Opus every 20 ms. A ping is the WebSocket protocol's own, sent once a second by each stream; its answer
waits for everything that the server does with the audio of the others. CPU is that of the server's process with its threads, in cores;
the recogniser's processes come on top. PocketSphinx needs about a fifth of a core for each second of speech, so this machine follows
about ten people who speak without a pause: what it cannot follow stays in the journal on the disk until it can.
`,
  );
}
process.exit(0);

/**
 * @param {string} who
 * @param {Readonly<Record<string, string>>} environment
 * @param {{ speaking: number, turnSeconds: number }} turns
 */
async function streams(who, environment, turns) {
  const running = await startServer(environment);
  const authorizations = [];
  for (let n = 0; n < STREAMS; n += 1)
    authorizations.push((await signIn(running.port, `sk-key-of-the-listening-user-${n}`)).authorization);
  const before = running.megabytes();
  const beganCpu = cpuSeconds(running.pid);
  const began = performance.now();
  const driver = forkOwned(DRIVER, [
    JSON.stringify({ port: running.port, authorizations, ...files, ...turns, seconds: streamSeconds }),
  ]);
  const told = new Promise((resolve) => driver.once('message', resolve));
  await Promise.race([
    sleep(streamSeconds * 900),
    new Promise((_, reject) =>
      driver.once('exit', (code) => reject(new Error(`The load generator ended with ${code}.`))),
    ),
  ]);
  const megabytes = running.megabytes();
  const cores = (cpuSeconds(running.pid) - beganCpu) / ((performance.now() - began) / 1_000);
  /** @type {any} */
  const result = await told;
  const what = `${STREAMS} live Opus streams for ${streamSeconds} s, ${who}`;
  note(
    `${what}: ping to pong`,
    `${spread(result.pings)} over ${result.count} pings; ${result.closed} sockets lost, ${result.segments} messages of words`,
    'p95 < 100 ms',
  );
  note(
    `… memory (before), CPU of the server`,
    `${megabytes} MB (${before} MB), ${rounded(cores, 2)} cores`,
    '≤ 600 MB',
  );
  await running.stop();
}

/** The load scenario of the requirements. @param {number} port */
async function requirements(port) {
  const base = `http://127.0.0.1:${port}`;
  /** @type {Record<'memories' | 'transcription' | 'ping', number[]>} */
  const times = { memories: [], transcription: [], ping: [] };
  let failures = 0;
  const clip = wav(spoken.subarray(RATE / 2, RATE * 2));
  const until = performance.now() + loadSeconds * 1_000;
  const client = async (/** @type {number} */ n) => {
    const { authorization } = await signIn(port, `sk-key-of-the-requirements-client-${n}`);
    const headers = { authorization };
    await fetch(`${base}/v3/memories`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ content: `I am client ${n}.`, visibility: 'private' }),
    });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'pong') times.ping.push(performance.now() - message.timestamp);
    });
    await sleep((n * 1_000) / CLIENTS);
    for (let round = 0; performance.now() < until; round += 1) {
      socket.send(JSON.stringify({ type: 'ping', timestamp: performance.now() }));
      let began = performance.now();
      const memories = await fetch(`${base}/v1/memories`, { headers });
      await memories.text();
      times.memories.push(performance.now() - began);
      if (memories.status !== 200) failures += 1;
      if ((round + n) % 40 === 0) {
        const form = new FormData();
        form.append('file', new Blob([clip]), 'clip.wav');
        began = performance.now();
        const answer = await fetch(`${base}/v1/transcriptions`, { method: 'POST', headers, body: form });
        await answer.text();
        times.transcription.push(performance.now() - began);
        if (answer.status !== 201) failures += 1;
      }
      await sleep(1_000);
    }
    socket.terminate();
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n)));
  const scene = `${CLIENTS} clients for ${loadSeconds} s`;
  note(
    `${scene}: \`GET /v1/memories\``,
    `${spread(latencies(times.memories))}; ${failures} requests failed`,
    'p95 < 200 ms',
  );
  note(`${scene}: ping over /ws`, spread(latencies(times.ping)), 'p95 < 100 ms');
  note(
    `${scene}: \`POST /v1/transcriptions\` of 1.5 s of speech, ${times.transcription.length} of them, PocketSphinx`,
    spread(latencies(times.transcription)),
  );
}

/**
 * One minute of audio.
 *
 * @param {number} port
 * @param {string} how it is recognised
 * @param {string} budget
 */
async function uploads(port, how, budget) {
  const { authorization } = await signIn(port, 'sk-key-of-the-benchmark-uploader');
  const words = new Int16Array(RATE * 60);
  for (let at = 0; at < words.length; at += spoken.length)
    words.set(spoken.subarray(0, Math.min(spoken.length, words.length - at)), at);
  const opus = Buffer.concat(packed(words).map((packet) => framed(packet, 4)));
  const send = async (
    /** @type {string} */ path,
    /** @type {string} */ field,
    /** @type {string} */ name,
    /** @type {Uint8Array} */ bytes,
  ) => {
    const form = new FormData();
    form.append(field, new Blob([Uint8Array.from(bytes)]), name);
    const began = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/${path}`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return performance.now() - began;
  };
  const answered = [];
  const synced = [];
  for (let n = 0; n < 3; n += 1) {
    answered.push(await send('v1/transcriptions', 'file', 'minute.wav', wav(words)));
    const at = Math.floor(Date.now() / 1_000) - 3_600 * (n + 1);
    synced.push(
      await send('v1/sync-local-files', 'files', `audio_phone_opus_fs320_16000_1_fs320_${at}.bin`, opus),
    );
  }
  const seconds = (/** @type {number[]} */ times) => `${rounded(median(times) / 1_000, 2)} s`;
  note(
    `One minute of audio to \`POST /v1/transcriptions\`, ${how}, to its answer, median of 3`,
    seconds(answered),
    budget,
  );
  note('… to `POST /v1/sync-local-files`, to words and summary, median of 3', seconds(synced));
}

/** @param {string} text @returns {Promise<Int16Array>} */
async function speech(text) {
  const { createBuiltinSpeechSynthesizer } = await built('ai/builtin/speech-synthesizer.js');
  const { decodeAudio } = await built('audio/decoding/decode.js');
  const voices = createBuiltinSpeechSynthesizer();
  const file = await voices.synthesize({ text, voice: 'alloy', model: 'tts-1', format: 'wav', speed: 1 });
  const { samples } = await decodeAudio(file, { sampleRate: RATE, maxSeconds: 120 });
  await voices.close();
  const whole = new Int16Array(samples.length + RATE * 0.7);
  whole.set(samples);
  return whole;
}

/** @param {Int16Array} samples @returns {Uint8Array[]} */
function packed(samples) {
  const encoder = new OpusScript(RATE, 1, OpusScript.Application.VOIP);
  const frame = RATE / 50;
  const made = [];
  for (let at = 0; at + frame <= samples.length; at += frame) {
    const part = samples.slice(at, at + frame);
    made.push(Uint8Array.from(encoder.encode(Buffer.from(part.buffer), frame)));
  }
  encoder.delete();
  return made;
}

/** @param {Uint8Array} packet @param {2 | 4} bytes of the length before it */
function framed(packet, bytes) {
  const header = Buffer.alloc(bytes);
  header.writeUIntLE(packet.length, 0, bytes);
  return Buffer.concat([header, packet]);
}

/** @param {Int16Array} samples */
function wav(samples) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length * 2, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}

/** Of a process with its threads, without its children. @param {number | undefined} pid */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
