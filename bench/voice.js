// @ts-check
// `npm run bench -- --voice`: the voice app's figures, written to docs/benchmarks/voice.{json,md}.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLoad } from './load/run-load.js';
import { describeMachine } from './machine.js';
import { end, forkOwned } from './processes.js';
import { machineLine } from './report.js';
import { startServer } from './server.js';
import { middleOf, rounded } from './statistics.js';
import { measureRealtime } from './voice-realtime.js';

/** @typedef {import('./load/plan.js').Load} Load */

const UPSTREAM = fileURLToPath(new URL('./load/instant-upstream.js', import.meta.url));
const CONCURRENT = 50;
const ROUNDS = 3;
/** Percent of the processors in others' hands from which on latencies mean little. */
const BUSY = 20;
/** What a language model takes to its answer, roughly. */
const THINKING_MS = 500;
const quick = process.argv.includes('--quick');
const timing = { warmUpSeconds: quick ? 1 : 3, seconds: quick ? 3 : 8 };
const folder = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const machine = await describeMachine(folder);

/** @type {{ what: string, measured: string, budget: string }[]} */
const rows = [];
const note = (/** @type {string} */ what, /** @type {string} */ measured, budget = '') => {
  rows.push({ what, measured, budget });
  console.log(`${what}: ${measured}${budget && `   (budget: ${budget})`}`);
};

/** @param {number} milliseconds @returns {Promise<{ port: number, stop: () => Promise<void> }>} */
async function startUpstream(milliseconds) {
  const child = forkOwned(UPSTREAM, [String(milliseconds)]);
  const port = await new Promise((resolve) => child.once('message', resolve));
  return { port, stop: () => end(child) };
}

/** @param {number} port */
const startVoice = (port) =>
  startServer({
    DATA_DIR: join(folder, `data-${port}`),
    APPS: 'voice',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    VOICE_REQUESTS_PER_MINUTE: '1000000000',
  });

/**
 * @param {number} port
 * @param {string} path
 * @param {object} body
 * @param {number} [rate] questions a second, whether or not they are answered; flat out when unset
 * @param {number} [warmUpSeconds]
 * @returns {Promise<Load>}
 */
async function ask(port, path, body, rate, warmUpSeconds = timing.warmUpSeconds) {
  /** @type {import('./load/plan.js').PlannedRequest[]} */
  const requests = Array.from({ length: CONCURRENT }, (_, caller) => ({
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer sk-key-of-caller-number-${caller}-of-the-benchmark`,
    },
    body: JSON.stringify(body),
  }));
  const pace = rate === undefined ? { connections: CONCURRENT } : { connections: 4 * CONCURRENT, rate };
  return runLoad({ port, expect: 200, requests, ...timing, warmUpSeconds, ...pace });
}

const question = { message: 'How wide is a phone?' };
const chat = { model: 'instant', stream: true, messages: [{ role: 'user', content: question.message }] };
/** @param {Load} load */
const spread = ({ p50, p95, p99 }) => `p50 ${p50}, p95 ${p95}, p99 ${p99} ms`;
/** @param {Load} load */
const failed = ({ failures }) => (failures > 0 ? `, ${failures} FAILED` : '');

/**
 * Asks the upstream, and the server before it, in turn.
 *
 * @param {number} milliseconds that the upstream takes
 * @param {number} [rate] questions a second; flat out when unset
 */
async function compare(milliseconds, rate) {
  const upstream = await startUpstream(milliseconds);
  const server = await startVoice(upstream.port);
  const direct = [];
  const through = [];
  let processorMs = 0;
  let answers = 0;
  await ask(server.port, '/api/conversation', question, rate); // the compiler is done with what is asked often
  for (let round = 0; round < (quick ? 1 : ROUNDS); round += 1) {
    direct.push(await ask(upstream.port, '/v1/chat/completions', chat, rate));
    const before = server.processorMs();
    const load = await ask(server.port, '/api/conversation', question, rate, 0);
    processorMs += (server.processorMs() ?? Number.NaN) - (before ?? Number.NaN);
    answers += load.requests;
    through.push(load);
  }
  await server.stop();
  await upstream.stop();
  const middle = (/** @type {Load[]} */ loads) => /** @type {Load} */ (middleOf(loads, ({ p95 }) => p95));
  return { direct: middle(direct), through: middle(through), processorMs: processorMs / answers };
}

// Nobody's callers ask in step: at this rate as many as that are under way at any time.
const thinking = await compare(THINKING_MS, (CONCURRENT * 1_000) / THINKING_MS);
note(
  `An upstream that takes ${THINKING_MS} ms, ${CONCURRENT} questions under way at any time`,
  `${spread(thinking.direct)}${failed(thinking.direct)}`,
);
note(
  `The same through \`POST /api/conversation\``,
  `${spread(thinking.through)}, ${thinking.through.perSecond}/s${failed(thinking.through)}`,
);
note(
  'Own overhead: the difference of their p50 / p95',
  `${rounded(thinking.through.p50 - thinking.direct.p50, 1)} / ${rounded(thinking.through.p95 - thinking.direct.p95, 1)} ms`,
  'p95 ≤ 30 ms on top of the upstream',
);
const instant = await compare(0);
note(
  `An instant upstream, asked flat out by ${CONCURRENT} at a time`,
  `${spread(instant.direct)}, ${instant.direct.perSecond}/s${failed(instant.direct)}`,
);
note(
  'The same through `POST /api/conversation`',
  `${spread(instant.through)}, ${instant.through.perSecond}/s${failed(instant.through)}`,
  `p95 < 30 ms at ${CONCURRENT} concurrent`,
);

note('Processor time of the server per answer', `${rounded(instant.processorMs, 2)} ms`);
await measureRealtime(note, { folder, seconds: quick ? 5 : 30, turns: quick ? 3 : 20 });

if (!quick) {
  const documents = fileURLToPath(new URL('../docs/benchmarks', import.meta.url));
  mkdirSync(documents, { recursive: true });
  writeFileSync(join(documents, 'voice.json'), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  writeFileSync(
    join(documents, 'voice.md'),
    `# Voice

Made by \`npm run bench -- --voice\`. Server, upstream and load generator share the machine's cores: ${machineLine({ machine })}.

| What | Measured | Budget |
|---|---|---|
${rows.map(({ what, measured, budget }) => `| ${what} | ${measured} | ${budget} |`).join('\n')}

The first three rows are what callers notice: ${CONCURRENT} questions are under way at any time, and the server adds what the third row
says. Flat out, ${CONCURRENT} requests always wait, so p50 is ${CONCURRENT} divided by the rate: what is measured there is how many answers a
second two cores pass on, upstream and load generator included, and not how long one takes.
${machine.busyBefore > BUSY ? '\n**Other programs had the processors during this run**, so only the processor time says much. Measure again on a quiet machine.\n' : ''}`,
  );
}
process.exit(0);
