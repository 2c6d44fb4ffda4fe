// @ts-check
import { readFileSync } from 'node:fs';
import { budgets, isWithinBudget } from './budget.js';

/**
 * One line of the report: a load (flat out, and at the budget's rate where there is one) or a single figure.
 *
 * @typedef {object} Result
 * @property {string} id
 * @property {string} title
 * @property {import('./load/plan.js').Load | undefined} [flatOut]
 * @property {import('./load/plan.js').Load} [steady]
 * @property {import('./statistics.js').Latencies} [latencies]
 * @property {number | null} [value]
 * @property {string} [unit]
 *
 * @typedef {object} Run
 * @property {string} version of the server
 * @property {string} day
 * @property {'embedded' | 'scaled'} scale
 * @property {Awaited<ReturnType<typeof import('./machine.js').describeMachine>>} machine
 * @property {number} secondsPerMeasurement
 * @property {number} rounds of every load; the one with the median counts
 * @property {Result[]} results
 */

const NOTHING = '';

/** @param {Run} run @param {Result} result */
function budgetOf({ scale }, { id }) {
  const budget = budgets[id];
  if (!budget || scale === 'scaled') return NOTHING;
  if (budget.atMost !== undefined) return `< ${grouped(budget.atMost)}`;
  return `≥ ${grouped(budget.perSecond ?? 0)}/s, p95 < ${budget.p95} ms at that rate`;
}

/** @param {Result} result */
function measured({ flatOut, steady, latencies, value, unit }) {
  if (flatOut) {
    const failures = flatOut.failures + (steady?.failures ?? 0);
    const atRate = steady ? `; at ${grouped(steady.perSecond)}/s p95 ${steady.p95} ms` : NOTHING;
    return `${grouped(flatOut.perSecond)}/s${atRate}${failures > 0 ? `; ${failures} FAILED` : NOTHING}`;
  }
  if (latencies) return `p95 ${latencies.p95} ms`;
  return value === null || value === undefined ? 'not told by this system' : `${grouped(value)} ${unit}`;
}

/** @param {Run} run @param {Result} result */
const verdict = (run, result) => {
  const within = isWithinBudget(run, result);
  return within === null ? NOTHING : within ? 'yes' : 'NO';
};

const grouped = (/** @type {number} */ value) => value.toLocaleString('en-GB');

/** @param {import('./statistics.js').Latencies | undefined} found */
const threeOf = (found) => (found ? `${found.p50} / ${found.p95} / ${found.p99}` : NOTHING);

/** @param {Run} run @returns {(result: Result) => string[]} */
const rowOf = (run) => (result) => [
  result.title,
  budgetOf(run, result),
  measured(result),
  threeOf(result.flatOut ?? result.latencies),
  threeOf(result.steady),
  verdict(run, result),
];

const HEAD = [
  'What',
  'Budget',
  'Measured',
  'p50 / p95 / p99 ms flat out',
  'p50 / p95 / p99 ms at the rate',
  'Within',
];

/** @param {Run} run */
export function asText(run) {
  const rows = [HEAD, ...run.results.map(rowOf(run))].map((cells) =>
    cells.map((cell) => cell.replaceAll('`', '')),
  );
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return [
    machineLine(run),
    NOTHING,
    ...rows.map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ].join('\n');
}

/** @param {Pick<Run, 'machine'>} run */
export const machineLine = ({ machine }) =>
  `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.system}, Node.js ${machine.node}; ` +
  `flushing 4 kB to disk takes ${machine.flush.p50} ms (p95 ${machine.flush.p95} ms); ` +
  `other programs kept the processors ${machine.busyBefore} % busy before the run`;

/** @param {Run} run */
function table(run) {
  const lines = [HEAD, HEAD.map(() => '---'), ...run.results.map(rowOf(run))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {Run} run */
function ratios({ results }) {
  const rate = (/** @type {string} */ id) => results.find((result) => result.id === id)?.flatOut?.perSecond;
  const ceiling = rate('bare-fastify');
  if (!ceiling) return NOTHING;
  const share = (/** @type {string} */ id) => {
    const found = rate(id);
    return found === undefined ? 'n/a' : `${Math.round((found / ceiling) * 100)} %`;
  };
  return `In one and the same run, as a share of what bare Fastify reaches: \`/health\` with all the server's manners (headers, request id, metrics) ${share('health')}, a read through full auth ${share('read-status')}, a durable write ${share('playback-write')}. These shares say more about the server than the absolute figures do, which follow the machine.`;
}

/**
 * The page of docs/benchmarks.
 *
 * @param {Run} embedded
 * @param {Run | null} scaled
 */
export function asPage(embedded, scaled) {
  const parts = [
    '# Benchmarks',
    'Made by `npm run bench`; `npm run bench -- --scaled` adds the second table, `npm run bench -- --support` makes the [page about support](support.md), `-- --stories` [that about stories](stories.md), `-- --companion` [that about listening](companion.md), `-- --growth` [how each grows with what one user has](growth.md), `-- --profile` [where the time goes](profiles.md), `npm run test:sync` what [convergence of devices](sync.md) tells. Do not edit: the next run writes this page anew. Raw figures: [latest.json](latest.json)' +
      `${scaled ? ', [scaled.json](scaled.json)' : NOTHING}.`,
    '## One machine: SQLite and files',
    `Version ${embedded.version}, ${embedded.day}. ${machineLine(embedded)}.`,
    table(embedded),
    ratios(embedded),
  ];
  if (scaled) {
    parts.push(
      '## PostgreSQL, Redis and S3',
      `Version ${scaled.version}, ${scaled.day}, with all three services on the same machine and cores as the server and the load generator, so this shows that the path works and what it costs, not what a cluster reaches. ${machineLine(scaled)}.`,
      table(scaled),
      ratios(scaled),
    );
  }
  parts.push(
    '## How it is measured',
    [
      '- The built server runs as in production (`NODE_ENV=production`, log level `info`, `synchronous=FULL`), the load comes over the loopback interface from another process **on the same cores**.',
      `- *Flat out*: 100 connections (autocannon) that ask again as soon as they are answered, ${embedded.secondsPerMeasurement} s after a warm-up. It shows the highest rate; its latencies are those of a full queue: with 100 always waiting, p50 is 100 divided by the rate.`,
      "- *At the rate*: the same requests at exactly the budget's rate (without a budget: half of what was reached flat out), whether or not they are answered in time; latency counts from when a request was due, so a stall cannot hide. These are the latencies that the budget speaks of.",
      '- 100 users, each with a session of their own; answers of any other status than the expected one count as failures and are named. Requests are counted against the limit per user as always, but the limit is raised.',
      '- A write is acknowledged only after its commit is on disk. Writers that wait at the same time share one flush.',
      '- Memory is the resident set of the whole process, worker threads and shared libraries included, in units of 10^6 bytes.',
      `- Every load is measured ${embedded.rounds} times in turn and the median is shown. Other programs on the machine still make figures worse, never better: compare ratios within one run.`,
    ].join('\n'),
  );
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** @param {string} path @returns {Run | null} */
export function readRun(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
