// @ts-check
// `npm run bench -- --all`: every benchmark of the house one after the other, on both scales where there are two, and then
// docs/benchmarks/house.md: the design's budget with what was measured beside it. `--table` only writes that page anew.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { machineLine } from './report.js';

/**
 * @typedef {{ id: string, flatOut?: import('./load/plan.js').Load, steady?: import('./load/plan.js').Load, value?: number | null, unit?: string }} Load
 * @typedef {{ what: string, measured: string }} Row
 * @typedef {{ machine: Awaited<ReturnType<typeof import('./machine.js').describeMachine>>, results?: Load[], rows?: Row[] }} Page
 */

const RUNS = [
  ['run.js'],
  ['run.js', '--scaled'],
  ['support.js'],
  ['support.js', '--scaled'],
  ['stories.js'],
  ['companion.js'],
  ['voice.js'],
  ['growth.js'],
  ['growth.js', '--scaled'],
];
const documents = fileURLToPath(new URL('../docs/benchmarks/', import.meta.url));

/** Of the design's section about speed: the work, our budget, where it is measured on one machine, and on many. */
const WORK = [
  ['Start to ready, existing data', '< 1,000 ms', 'latest#start-up', 'scaled#start-up'],
  ['Resident memory when idle', '< 150 MB', 'latest#memory-idle', 'scaled#memory-idle'],
  ['Read through full auth', '≥ 3,000/s, p95 < 20 ms', 'latest#read-status', 'scaled#read-status'],
  [
    'Order of a text that is spoken already',
    '≥ 3,000/s, p95 < 20 ms',
    'latest#generate-cached',
    'scaled#generate-cached',
  ],
  ['Durable write', '≥ 2,500/s, p95 < 40 ms', 'latest#playback-write', 'scaled#playback-write'],
  ['Cached speech file', '≥ 2,000/s, p95 < 15 ms', 'latest#download-cached', 'scaled#download-cached'],
  [
    '10,000 idle Socket.IO clients: dropped',
    'none',
    'support#10,000 idle sockets',
    'support-scaled#10,000 idle sockets',
  ],
  ['… memory with them (before)', '≤ 400 MB', 'support#Memory with them', 'support-scaled#Memory with them'],
  [
    'Chat message, send to delivered, 1,000 connected',
    'p99 < 50 ms',
    'support#Send to delivered at 300 messages/s, 1000',
    'support-scaled#Send to delivered at 300 messages/s, 1000',
  ],
  [
    '200 live audio streams, ping to pong, five speak (PocketSphinx)',
    'p95 < 100 ms',
    'companion#200 live Opus streams for 60 s, five',
    '',
  ],
  [
    '200 live audio streams, ping to pong, all speak (upstream)',
    'p95 < 100 ms',
    'companion#200 live Opus streams for 60 s, all',
    '',
  ],
  [
    'One minute of audio, to the answer, recognition at once',
    '< 1 s',
    'companion#One minute of audio to `POST /v1/transcriptions`, recognised',
    '',
  ],
  [
    'One minute of audio, to the answer, PocketSphinx',
    '< 5 s',
    'companion#One minute of audio to `POST /v1/transcriptions`, heard',
    '',
  ],
  ['Change visible on another device', '< 1 s', 'stories#A hero made on one device', ''],
  ['First sync of 10,000 rows', '< 3 s', 'stories#First sync of 10,000 rows', ''],
  ['Question to the assistant: what the server adds (p50 / p95)', 'p95 < 30 ms', 'voice#Own overhead', ''],
  ['200 proxied Realtime connections', 'no gaps', 'voice#The same through the proxy', ''],
  [
    'End of speech to the first sound of the answer, builtin',
    'p50 ≤ 1 s, p95 ≤ 2 s',
    'voice#First audio after',
    '',
  ],
];

/** @type {Map<string, Page | null>} */
const pages = new Map();

/** @param {string} name @returns {Page | null} */
function page(name) {
  const file = `${documents}${name}.json`;
  const known = pages.get(name) ?? (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
  pages.set(name, known);
  return known;
}

/** @param {string} place `page#id of a load` or `page#beginning of a row` */
function measuredAt(place) {
  const [name = '', what = ''] = place.split('#');
  const found = page(name);
  if (!found) return 'not measured';
  const load = found.results?.find(({ id }) => id === what);
  if (load) return wordsOf(load);
  const row = found.rows?.find((each) => each.what.startsWith(what));
  if (!row) throw new Error(`${name}.json has no row that begins with "${what}".`);
  return row.measured;
}

/** @param {Load} load */
function wordsOf({ flatOut, steady, value, unit }) {
  if (!flatOut) return `${value?.toLocaleString('en-GB')} ${unit}`;
  const rate = (/** @type {number} */ perSecond) => perSecond.toLocaleString('en-GB');
  const atRate = steady ? `; at ${rate(steady.perSecond)}/s p95 ${steady.p95} ms` : '';
  return `${rate(flatOut.perSecond)}/s${atRate}`;
}

function writeTable() {
  const lines = WORK.map(
    ([what, budget, one, many]) =>
      `| ${what} | ${budget} | ${measuredAt(one ?? '')} | ${many ? measuredAt(many) : ''} |`,
  );
  const latest = page('latest');
  writeFileSync(
    `${documents}house.md`,
    `# The budget of the house

Made by \`npm run bench -- --all\`, which runs every benchmark and puts what the design promises beside what was measured. Load generators, upstreams,
PostgreSQL, Redis and S3 share the cores with the server. The details are on the pages of [speech](README.md), [support](support.md),
[stories](stories.md), [companion](companion.md) and [voice](voice.md); that of devices that converge is [sync](sync.md), and [growth](growth.md)
says how all of it grows with what one user has. [Profiles](profiles.md) say where the time of the hottest paths goes.

${latest ? machineLine(latest) : ''}.

| Work | Budget on one machine | SQLite and files, one process | PostgreSQL, Redis and S3 |
|---|---|---|---|
${lines.join('\n')}
`,
  );
}

/** @param {readonly string[]} run */
function measure([file = '', ...options]) {
  console.log(`\n── bench/${file} ${options.join(' ')}`);
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...options], {
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`${file} ended with ${code}.`)),
    );
  });
}

if (!process.argv.includes('--table')) for (const run of RUNS) await measure(run);
writeTable();
