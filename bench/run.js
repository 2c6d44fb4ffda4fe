// @ts-check
// `npm run bench`: measures the built server against its budget, prints a table and writes docs/benchmarks.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { budgets, isWithinBudget } from './budget.js';
import { makeData } from './data.js';
import { memory, pingWhileSpeaking, speechTime, startUp } from './figures.js';
import { runLoad } from './load/run-load.js';
import { describeMachine } from './machine.js';
import { end, forkOwned } from './processes.js';
import { asPage, asText, readRun } from './report.js';
import { traffic } from './requests.js';
import { startServer } from './server.js';
import { middleOf } from './statistics.js';

const { values: options } = parseArgs({
  options: {
    scaled: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(`npm run bench -- [options]
  --scaled      over PostgreSQL, Redis (redis-server) and S3, all started here, in place of SQLite and files
  --quick       short measurements, one round; nothing is written to docs/benchmarks
  --all         this and the benchmarks of all apps, on both scales, and the page docs/benchmarks/house.md
  --only IDS    only these measurements, comma-separated; nothing is written either`);
  process.exit(0);
}

const only = options.only?.split(',');
/** @param {string} id */
const isWanted = (id) => !only || only.includes(id);
const warmUpSeconds = options.quick ? 1 : 2;
const seconds = options.quick ? 3 : 8;
const rounds = options.quick ? 1 : 3;
const documents = fileURLToPath(new URL('../docs/benchmarks', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** @type {import('./report.js').Result[]} */
const results = [];
/** @param {import('./report.js').Result} result */
const note = (result) => {
  results.push(result);
  console.log(`measured: ${result.title}`);
};

const machine = await describeMachine(folder);
const services = options.scaled ? await (await import('./services.js')).startServices(folder) : null;
const environment = {
  DATA_DIR: join(folder, 'data'),
  // One user asks more often here than the default allows; asking is counted all the same.
  RATE_LIMIT_MAX: '1000000000',
  ...services?.environment,
};

const server = await startServer(environment);
console.log('making data …');
const data = await makeData(server.port);
if (isWanted('bare-fastify')) {
  const bare = forkOwned(fileURLToPath(new URL('./load/bare-fastify.js', import.meta.url)));
  const port = await new Promise((resolve) => bare.once('message', resolve));
  /** @type {import('./load/plan.js').PlannedRequest[]} */
  const requests = [{ method: 'GET', path: '/health', headers: {} }];
  note({
    id: 'bare-fastify',
    title: 'Bare Fastify, one route: the ceiling of this machine',
    flatOut: await runLoad({ port, connections: 100, warmUpSeconds, seconds, expect: 200, requests }),
  });
  await end(bare);
}
const { headers } = await fetch(`http://127.0.0.1:${server.port}/tts/files`, {
  headers: { authorization: data.collector.authorization },
});
const loads = traffic(data, headers.get('etag') ?? '').filter(({ id }) => isWanted(id));
/** @type {Map<string, { flatOut: import('./load/plan.js').Load[], steady: import('./load/plan.js').Load[] }>} */
const seen = new Map(loads.map(({ id }) => [id, { flatOut: [], steady: [] }]));
for (let round = 1; round <= rounds; round += 1) {
  for (const { id, title, ...load } of loads) {
    const { flatOut, steady } = seen.get(id) ?? { flatOut: [], steady: [] };
    const plan = { port: server.port, warmUpSeconds, seconds, ...load };
    const reached = await runLoad(plan);
    flatOut.push(reached);
    const rate = options.scaled ? Math.floor(reached.perSecond / 2) : budgets[id]?.perSecond;
    if (rate) steady.push(await runLoad({ ...plan, rate }));
    console.log(`round ${round} of ${rounds}: ${title}`);
  }
}
for (const { id, title } of loads) {
  const { flatOut = [], steady = [] } = seen.get(id) ?? {};
  const middle = middleOf(steady, ({ p95 }) => p95);
  note({
    id,
    title,
    flatOut: middleOf(flatOut, ({ perSecond }) => perSecond),
    ...(middle ? { steady: middle } : {}),
  });
}
if (isWanted('speech-minute')) note(await speechTime(server.port));
if (isWanted('ping-while-speaking')) note(await pingWhileSpeaking(server.port));
await server.stop();
if (isWanted('start-up')) note(await startUp(environment));
if (isWanted('memory'))
  for (const result of await memory(environment, { idleSeconds: 10, restSeconds: options.quick ? 20 : 60 }))
    note(result);
await services?.stop();

/** @type {import('./report.js').Run} */
const run = {
  version: JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
  day: new Date().toISOString().slice(0, 10),
  scale: options.scaled ? 'scaled' : 'embedded',
  machine,
  secondsPerMeasurement: seconds,
  rounds,
  results,
};
console.log(`\n${asText(run)}\n`);

if (!only && !options.quick) {
  mkdirSync(documents, { recursive: true });
  const file = (/** @type {string} */ name) => join(documents, name);
  writeFileSync(file(options.scaled ? 'scaled.json' : 'latest.json'), `${JSON.stringify(run, null, 2)}\n`);
  const embedded = readRun(file('latest.json'));
  if (embedded) writeFileSync(file('README.md'), asPage(embedded, readRun(file('scaled.json'))));
}

const failures = results.reduce(
  (sum, { flatOut, steady }) => sum + (flatOut?.failures ?? 0) + (steady?.failures ?? 0),
  0,
);
if (failures > 0) console.error(`${failures} requests failed.`);
const missed = results.filter((result) => isWithinBudget(run, result) === false);
if (missed.length > 0) console.error(`Not within budget: ${missed.map(({ id }) => id).join(', ')}`);
process.exit(failures === 0 ? 0 : 1);
