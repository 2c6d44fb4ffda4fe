// @ts-check
// `npm run bench -- --support`: the support app's figures, written to docs/benchmarks/support.{json,md}.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './machine.js';
import { forkOwned } from './processes.js';
import { startServer } from './server.js';

const DRIVER = fileURLToPath(new URL('./load/support-sockets.js', import.meta.url));
const MASTER = 'the-master-key-of-the-benchmark-which-is-long';
const scaled = process.argv.includes('--scaled');
const folder = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const machine = await describeMachine(folder);
const services = scaled ? await (await import('./services.js')).startServices(folder) : null;
const environment = {
  DATA_DIR: join(folder, 'data'),
  MASTER_API_KEY: MASTER,
  SUPPORT_MESSAGES_PER_MINUTE: '1000000000',
  SUPPORT_REQUESTS_PER_MINUTE: '1000000000',
  ...services?.environment,
};

/** @type {{ what: string, measured: string, budget: string }[]} */
const rows = [];
const note = (/** @type {string} */ what, /** @type {string} */ measured, budget = '') => {
  rows.push({ what, measured, budget });
  console.log(`${what}: ${measured}${budget && `   (budget: ${budget})`}`);
};

for (const sockets of [200, 1_000]) {
  const server = await startServer(environment);
  const task = { sockets, senders: 200, seconds: 8, rate: 300, idleSeconds: 0 };
  for (const phase of await drive(server.port, task)) {
    const { delivered, perSecond, refused, undelivered, rate } = phase;
    const spread = delivered && `p50 ${delivered.p50}, p95 ${delivered.p95}, p99 ${delivered.p99} ms`;
    if (phase.phase === 'flat-out') {
      note(
        `Messages stored and delivered flat out, 200 senders, ${sockets} sockets`,
        `${perSecond}/s, end to end ${spread}, ${refused} refused, ${undelivered} undelivered`,
      );
    }
    if (phase.phase === 'paced') {
      note(
        `Send to delivered at ${rate} messages/s, ${sockets} sockets`,
        `${spread}, ${undelivered} undelivered`,
        'p99 < 50 ms at 1,000 sockets',
      );
    }
  }
  await server.stop();
}

const server = await startServer(environment);
const before = server.megabytes();
const task = { sockets: 10_000, senders: 0, seconds: 0, rate: 0, idleSeconds: 30 };
await drive(server.port, task, (phase) => {
  if (phase.phase === 'connected') note('10,000 sockets connected and greeted in', seconds(phase.ms));
  if (phase.phase === 'idle') {
    note('10,000 idle sockets for 30 s', `${phase.dropped} dropped`, 'none');
    note('Memory with them (before)', `${server.megabytes()} MB (${before} MB)`, '≤ 400 MB');
  }
  if (phase.phase === 'storm')
    note('All 10,000 back after losing their connections at once', seconds(phase.ms));
});
await server.stop();
await services?.stop();

const name = scaled ? 'support-scaled' : 'support';
const documents = fileURLToPath(new URL('../docs/benchmarks', import.meta.url));
mkdirSync(documents, { recursive: true });
writeFileSync(join(documents, `${name}.json`), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
writeFileSync(
  join(documents, `${name}.md`),
  `# Support: ${scaled ? 'PostgreSQL, Redis and S3' : 'SQLite, one process'}

Made by \`npm run bench -- --support${scaled ? ' --scaled' : ''}\`. Server and load generator share the machine's cores.

| What | Measured | Budget |
|---|---|---|
${rows.map(({ what, measured, budget }) => `| ${what} | ${measured} | ${budget} |`).join('\n')}
`,
);
process.exit(0);

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/**
 * @param {number} port
 * @param {object} task
 * @param {(phase: any) => void} [onPhase]
 * @returns {Promise<any[]>} what the driver said of each phase
 */
async function drive(port, task, onPhase = () => {}) {
  const made = await fetch(`http://127.0.0.1:${port}/setup/api/apps`, {
    method: 'POST',
    headers: { 'x-master-api-key': MASTER, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Benchmark' }),
  });
  const { app } = /** @type {{ app: object }} */ (await made.json());
  const driver = forkOwned(DRIVER, [JSON.stringify({ port, app, ...task })]);
  /** @type {any[]} */
  const phases = [];
  driver.on('message', (phase) => {
    phases.push(phase);
    onPhase(phase);
  });
  const code = await new Promise((resolve) => driver.once('exit', resolve));
  if (code !== 0) throw new Error(`The load generator ended with ${code}.`);
  return phases;
}
