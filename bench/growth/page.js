// @ts-check
import { machineLine } from '../report.js';

/** Rows that one owner has: once, ten times and a hundred times as many. */
export const SIZES = [100, 1_000, 10_000];
/** What returns no more than before may take no more than this times as long. */
const FLAT = 2;

/**
 * @typedef {object} Grown
 * @property {string} app
 * @property {string} what
 * @property {import('./kinds.js').Kind} kind
 * @property {string} [because] why it grows, if it does
 * @property {{ size: number, p50: number, p95: number, bytes: number, requests: number }[]} at milliseconds, by size
 * @property {number} ratio of the largest size's p50 and the smallest one's
 *
 * @typedef {object} Run
 * @property {string} version
 * @property {string} day
 * @property {Awaited<ReturnType<typeof import('../machine.js').describeMachine>>} machine
 * @property {Grown[]} rows
 *
 * @typedef {{ embedded?: Run, scaled?: Run }} Runs
 */

/** True for what should cost the same and does not. @param {Grown} row */
export const isGrowing = ({ kind, ratio }) => kind !== 'all' && ratio >= FLAT;

const KINDS = { one: 'one thing', page: 'a page', all: 'everything' };
const grouped = (/** @type {number} */ value) => value.toLocaleString('en-GB');

/** @param {Grown} row */
function line({ app, what, kind, at, ratio }) {
  const sizes = [...new Set(at.map(({ bytes }) => grouped(bytes)))];
  const times = at.map(({ p50, p95 }) => `${p50} / ${p95}`);
  const cells = [app, what, KINDS[kind], ...times, sizes.join(', '), `${ratio}`];
  return `| ${cells.join(' | ')} |`;
}

/** @param {Grown} row */
const reason = ({ app, what, because, ratio }) =>
  `- ${app}, ${what} (${ratio})${because ? `: ${because}` : ''}`;

/** @param {string} title @param {Run | undefined} run */
function section(title, run) {
  if (!run) return [];
  const growing = run.rows.filter(isGrowing);
  const head = ['App', 'What', 'Returns', ...SIZES.map(grouped), 'Bytes of the answer', '100× / 1×'];
  return [
    `## ${title}`,
    `Version ${run.version}, ${run.day}. ${machineLine(run)}.`,
    [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...run.rows.map(line)].join('\n'),
    growing.length === 0
      ? `Nothing that returns one thing or a page takes ${FLAT} times as long.`
      : [
          `What returns one thing or a page and takes ${FLAT} times as long or more:`,
          ...growing.map(reason),
        ].join('\n'),
  ];
}

/**
 * The page of docs/benchmarks.
 *
 * @param {Runs} runs
 * @param {readonly { app: string, rows: string }[]} apps
 * @param {{ rounds: number, fewest: number }} measured
 */
export function growthPage({ embedded, scaled }, apps, { rounds, fewest }) {
  const parts = [
    '# Growth',
    `What users wait for, with ${SIZES.map(grouped).join(', ')} rows that one user (or one support app) has. Made by \`npm run bench -- --growth\`; \`--scaled\` makes the table of PostgreSQL. Do not edit: the next run writes this page anew. Raw figures: [growth.json](growth.json).`,
    ...section('SQLite, one process', embedded),
    ...section('PostgreSQL, Redis and S3', scaled),
    '## How it is measured',
    [
      '- The times are p50 / p95 in milliseconds at each size, as a client sees them: one request after the other over the loopback interface, the client and the services on the same cores. The last column is the p50 with 10,000 rows divided by the p50 with 100.',
      `- The three owners live in one database. Every request is sent for each of them in turn, ${rounds} times after a warm-up (no fewer than ${fewest} times where it is slow), so that what else the machine does meets all sizes alike.`,
      `- *One thing* and *a page* are answers of the same size whatever there is; they are to stay below ${FLAT}. *Everything* grows with its answer, or is counted over all rows.`,
      '- A time holds all of a request: the connection, the caller’s session, the answer’s JSON. So a ratio near 1 says that the number of rows does not matter beside that, not that it costs nothing.',
      '- PostgreSQL has gathered its statistics after the filling (`vacuum analyze`), as it does by itself after a while.',
      `- What an owner of N rows has: ${apps.map(({ app, rows }) => `${app}: ${rows}`).join('; ')}.`,
    ].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}
