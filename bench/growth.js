// @ts-check
// `npm run bench -- --growth`: how what users wait for grows with what one of them has, written to docs/benchmarks/growth.{json,md}.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ask } from './growth/asking.js';
import { companion } from './growth/companion.js';
import { growthPage, isGrowing, SIZES } from './growth/page.js';
import { speech } from './growth/speech.js';
import { stories } from './growth/stories.js';
import { support } from './growth/support.js';
import { openDatabase, settle } from './growth/tables.js';
import { voice } from './growth/voice.js';
import { describeMachine } from './machine.js';
import { startServer } from './server.js';
import { latencies, median, rounded } from './statistics.js';

/** @typedef {import('./growth/page.js').Grown} Grown */

const { values: options } = parseArgs({
  options: {
    growth: { type: 'boolean' },
    scaled: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const WARM_UP = 5;
const ROUNDS = options.quick ? 15 : 60;
/** An operation that has taken so long gets fewer rounds … */
const LONG_MS = 3_000;
/** … but never fewer than this. */
const FEWEST = 15;
const UNLIMITED = '1000000000';

const only = options.only?.split(',');
const apps = [speech, stories, companion, support, voice].filter(({ app }) => !only || only.includes(app));
const sizes = options.quick ? SIZES.slice(0, 2) : SIZES;
const folder = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const machine = await describeMachine(folder);
const services = options.scaled ? await (await import('./services.js')).startServices(folder) : null;
const environment = {
  DATA_DIR: join(folder, 'data'),
  RATE_LIMIT_MAX: UNLIMITED,
  SIGN_UPS_PER_HOUR: UNLIMITED,
  SUPPORT_MESSAGES_PER_MINUTE: UNLIMITED,
  SUPPORT_REQUESTS_PER_MINUTE: UNLIMITED,
  VOICE_HISTORY: 'true',
  VOICE_REQUESTS_PER_MINUTE: UNLIMITED,
  ...services?.environment,
};

console.log('making data …');
const making = await startServer(environment);
/** @type {Map<import('./growth/kinds.js').AppGrowth<any>, any[]>} */
const owners = new Map();
for (const growth of apps) {
  const made = [];
  for (const size of sizes) made.push(await growth.settle(making.port, size));
  owners.set(growth, made);
}
await making.stop();
const database = await openDatabase(environment);
for (const [growth, made] of owners)
  for (const [index, owner] of made.entries()) await growth.fill?.(database, owner, sizes[index] ?? 0);
await settle(database);
await database.close();

const server = await startServer(environment);
/** @type {Grown[]} */
const rows = [];
for (const [growth, made] of owners)
  for (const operation of growth.operations) {
    const row = await measured(growth.app, operation, made);
    rows.push(row);
    const figures = row.at.map(({ p50, p95, bytes }) => `${p50} / ${p95} ms, ${bytes} B`).join('   ');
    console.log(`${row.app}: ${row.what}: ${figures}   ×${row.ratio}${isGrowing(row) ? '   GROWS' : ''}`);
  }
await server.stop();
await services?.stop();

if (!options.quick && !only) {
  const documents = fileURLToPath(new URL('../docs/benchmarks/', import.meta.url));
  const run = {
    version: JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
    day: new Date().toISOString().slice(0, 10),
    machine,
    rows,
  };
  const file = join(documents, 'growth.json');
  const runs = { ...known(file), [options.scaled ? 'scaled' : 'embedded']: run };
  writeFileSync(file, `${JSON.stringify(runs, null, 2)}\n`);
  writeFileSync(join(documents, 'growth.md'), growthPage(runs, apps, { rounds: ROUNDS, fewest: FEWEST }));
}
process.exit(0);

/**
 * Asks in turn for the owners of all sizes, so that what else goes on in the machine meets all of them.
 *
 * @param {string} app
 * @param {import('./growth/kinds.js').Operation<any>} operation
 * @param {readonly any[]} made the owners, by size
 * @returns {Promise<Grown>}
 */
async function measured(app, { what, kind, because, ask: questionOf, heard }, made) {
  const times = sizes.map(() => /** @type {number[]} */ ([]));
  const bytes = sizes.map(() => 0);
  const began = performance.now();
  for (let n = 0; n < WARM_UP + ROUNDS; n += 1) {
    if (n >= WARM_UP + FEWEST && performance.now() - began > LONG_MS) break;
    for (const [index, owner] of made.entries()) {
      const answer = await ask(server.port, questionOf(owner, n));
      if (n >= WARM_UP) times[index]?.push(answer.ms);
      bytes[index] = answer.bytes;
      heard?.(owner, answer);
    }
  }
  const at = sizes.map((size, index) => {
    const { p50, p95 } = latencies(times[index] ?? []);
    return { size, p50, p95, bytes: bytes[index] ?? 0, requests: times[index]?.length ?? 0 };
  });
  const ratio = rounded(median(times.at(-1) ?? []) / median(times[0] ?? []), 1);
  return { app, what, kind, ...(because ? { because } : {}), at, ratio };
}

/** @param {string} file @returns {import('./growth/page.js').Runs} */
function known(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
