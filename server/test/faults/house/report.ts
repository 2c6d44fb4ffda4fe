import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { faultNames } from './faults.js';
import type { HouseDatabase } from './ground.js';
import type { RoundsReport } from './rounds.js';

const pageFile = (name: string): string =>
  fileURLToPath(new URL(`../../../../docs/benchmarks/${name}`, import.meta.url));

/** What is kept of a whole run. */
interface Kept extends Omit<RoundsReport, 'backAfter' | 'acknowledged' | 'errors'> {
  readonly machine: string;
  readonly date: string;
  /** Processes that wanted a processor, on the average of the last 15 minutes of the run, its own among them. */
  readonly load: number;
  readonly backAfter: Readonly<Record<string, readonly number[]>>;
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
}

/** A closing table to print. */
export function reportOf(report: RoundsReport): string {
  return sectionOf(keptOf(report));
}

/** Writes docs/benchmarks/faults.md anew, with the last whole run on each database. */
export async function writeReport(report: RoundsReport): Promise<void> {
  const all: Partial<Record<HouseDatabase, Kept>> = JSON.parse(
    await readFile(pageFile('faults.json'), 'utf8').catch(() => '{}'),
  );
  all[report.database] = keptOf(report);
  await writeFile(pageFile('faults.json'), `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(pageFile('faults.md'), pageOf(Object.values(all)));
}

const keptOf = ({ backAfter, acknowledged, errors, ...report }: RoundsReport): Kept => ({
  ...report,
  machine: machine(),
  date: new Date().toISOString().slice(0, 10),
  load: Math.round(loadavg()[2] ?? 0),
  seconds: Math.round(report.seconds),
  starts: report.starts.map(Math.round),
  backAfter: Object.fromEntries([...backAfter].map(([name, times]) => [name, times.map(Math.round)])),
  acknowledged: Object.fromEntries(acknowledged),
  errors: Object.fromEntries(errors),
});

/** The machine in the words of the other pages. */
export function machine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? 'unknown'}, ${cores.length} cores, Node.js ${process.versions.node}`;
}

const pageOf = (runs: readonly Kept[]): string => `# Faults

Users of all five apps live on the built server while one thing goes wrong in each round, chosen by a seed
(\`server/test/faults/house/\`). A user remembers what was acknowledged; after every 25 rounds and at the end all work comes to
its end, and everything has to be there, once and whole: audio files (each is downloaded and measured), positions, messages of both sides in
their order, pushed mutations and tombstones, ordered stories, memories, to-dos, live segments and conversations, kept turns. After
each round the database is checked (\`integrity_check\` and \`foreign_key_check\`; on PostgreSQL its indexes). A short form belongs to \`npm test\`. Made by \`npm run test:faults\`; do not edit: the next whole run writes this page anew. Raw
figures: [faults.json](faults.json).

"Back after" is the time from the end of the fault until \`/health/ready\` says \`ok\`; a start counts from spawning the
process until it accepts requests. Users, services and server share the cores with whatever else runs on the machine: the load
is the number of processes that wanted a processor at a time. \`npm run bench\` measures the start by itself.

${runs.map(sectionOf).join('\n')}`;

function sectionOf(run: Kept): string {
  const { database, rounds, seed, seconds, backAfter, starts, acknowledged, failedJobs, errors, problems } =
    run;
  const rows = faultNames.map((name) => {
    const times = backAfter[name] ?? [];
    return `| ${name} | ${times.length || 'not on this ground'} | ${spread(times)} |`;
  });
  const items = Object.entries(acknowledged);
  return `## ${database === 'sqlite' ? 'SQLite and files' : 'PostgreSQL, Redis and S3'}

\`npm run test:faults -- --rounds ${rounds} --database ${database} --seed ${seed}\`, ${run.date}, ${run.machine}: ${Math.round(seconds)} s, at a load of ${run.load}.

| Fault | Times | Back after, ms: p50 / max |
| --- | --- | --- |
${rows.join('\n')}

Starts of the server, ms: ${spread(starts)}, ${starts.filter((ms) => ms > 2_000).length} of ${starts.length} took more than 2,000.

| App | Acknowledged |
| --- | --- |
${items.map(([app, count]) => `| ${app} | ${count.toLocaleString('en')} |`).join('\n')}

Lost, doubled, half-written or broken: **${problems.length}**.${problems.map((problem) => `\n- ${problem}`).join('')}
Jobs that were given up: ${failedJobs} (a provider's refusal ends a job; its user tried again).
${
  Object.keys(errors).length === 0
    ? ''
    : `
What the servers logged as errors meanwhile:

${Object.entries(errors)
  .sort(([, a], [, b]) => b - a)
  .map(([kind, count]) => `- ${count} × ${kind}`)
  .join('\n')}
`
}`;
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined ? '' : `${Math.round(middle)} / ${Math.round(sorted.at(-1) ?? 0)}`;
}
