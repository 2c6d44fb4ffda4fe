// @ts-check
// `npm run bench -- --profile`: on what the server's main thread spends its time on the three paths that clients use most,
// written to docs/benchmarks/profiles.md.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeData } from './data.js';
import { runLoad } from './load/run-load.js';
import { describeMachine } from './machine.js';
import { forkOwned } from './processes.js';
import { kindNames, sharesOf } from './profile-shares.js';
import { machineLine } from './report.js';
import { traffic } from './requests.js';
import { startServer } from './server.js';

const SECONDS = 10;
/** Before the load, so that what was done to prepare it is not among the last seconds, which are looked at. */
const QUIET_SECONDS = 8;
const MASTER = 'the-master-key-of-the-benchmark-which-is-long';
const folder = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const machine = await describeMachine(folder);

/** @type {{ title: string, reached: string, shares: ReturnType<typeof sharesOf> }[]} */
const paths = [];
for (const id of ['read-status', 'playback-write']) {
  paths.push(
    await profiled(async (port) => {
      const load = traffic(await makeData(port), '').find((one) => one.id === id);
      if (!load) throw new Error(`There is no load called ${id}.`);
      return async () => {
        const { perSecond } = await runLoad({ port, warmUpSeconds: 0, seconds: SECONDS, ...load });
        return { title: load.title, reached: `${perSecond.toLocaleString('en')}/s` };
      };
    }),
  );
}
paths.push(await profiled(async (port) => () => chat(port)));

const documents = fileURLToPath(new URL('../docs/benchmarks/', import.meta.url));
/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(0)} %`;
const table = [
  `| On what | ${paths.map(({ title, reached }) => `${title} (${reached})`).join(' | ')} |`,
  `| --- | ${paths.map(() => '---').join(' | ')} |`,
  ...kindNames.map(
    (name, row) => `| ${name} | ${paths.map(({ shares }) => percent(shares[row] ?? 0)).join(' | ')} |`,
  ),
].join('\n');
console.log(table);
const page = join(documents, 'profiles.md');
const MARKS = ['<!-- measured -->', '<!-- /measured -->'];
const [before = '', rest = ''] = readFileSync(page, 'utf8').split(MARKS[0] ?? '');
const after = rest.split(MARKS[1] ?? '')[1] ?? '';
const measured = `${new Date().toISOString().slice(0, 10)}, ${machineLine({ machine })}.\n\n${table}`;
writeFileSync(page, `${before}${MARKS[0]}\n${measured}\n${MARKS[1]}${after}`);
process.exit(0);

/**
 * Starts a server under V8's profiler, prepares it, and looks at the seconds of the load alone.
 *
 * @param {(port: number) => Promise<() => Promise<{ title: string, reached: string }>>} prepare
 */
async function profiled(prepare) {
  const profiles = mkdtempSync(join(folder, 'profile-'));
  process.env.BENCH_NODE_OPTIONS = `--cpu-prof --cpu-prof-dir=${profiles}`;
  const server = await startServer({
    DATA_DIR: mkdtempSync(join(folder, 'data-')),
    MASTER_API_KEY: MASTER,
    RATE_LIMIT_MAX: '1000000000',
    SUPPORT_MESSAGES_PER_MINUTE: '1000000000',
    SUPPORT_REQUESTS_PER_MINUTE: '1000000000',
  });
  const load = await prepare(server.port);
  await sleep(QUIET_SECONDS * 1_000);
  const told = await load();
  await server.stop();
  // The main thread's is the first; worker threads have theirs.
  const [file = ''] = readdirSync(profiles).filter((name) => name.endsWith('.0.001.cpuprofile'));
  const profile = JSON.parse(readFileSync(join(profiles, file), 'utf8'));
  return { ...told, shares: sharesOf(profile, SECONDS + QUIET_SECONDS / 2) };
}

/** Messages of 200 devices to 200 sockets, as fast as they are answered. @param {number} port */
async function chat(port) {
  const made = await fetch(`http://127.0.0.1:${port}/setup/api/apps`, {
    method: 'POST',
    headers: { 'x-master-api-key': MASTER, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Benchmark' }),
  });
  const { app } = /** @type {{ app: object }} */ (await made.json());
  const task = { port, app, sockets: 200, senders: 200, seconds: SECONDS, rate: 0, idleSeconds: 0 };
  const driver = forkOwned(fileURLToPath(new URL('./load/support-sockets.js', import.meta.url)), [
    JSON.stringify(task),
  ]);
  let reached = '';
  driver.on('message', (/** @type {{ phase: string, perSecond?: number }} */ { phase, perSecond }) => {
    if (phase === 'flat-out') reached = `${perSecond?.toLocaleString('en')}/s`;
  });
  const code = await new Promise((resolve) => driver.once('exit', resolve));
  if (code !== 0) throw new Error(`The load generator ended with ${code}.`);
  return { title: 'A chat message, stored and delivered', reached };
}
