// @ts-check

/**
 * @typedef {object} CpuProfile as V8 writes it: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
 * @property {{ id: number, callFrame: { functionName: string, url: string } }[]} nodes
 * @property {number} startTime microseconds
 * @property {number} endTime microseconds
 * @property {number[]} samples ids of nodes
 * @property {number[]} timeDeltas microseconds before each sample
 */

/** @type {readonly [name: string, of: (functionName: string, url: string) => boolean][]} */
const KINDS = [
  // Native calls have no frame of their own: their time is that of who calls them.
  ['SQLite: statements', (called, url) => called === 'executeQuery' && url.includes('/sqlite/connection.js')],
  ['SQLite: commits (flushes to disk)', (_, url) => url.includes('/sqlite/group-commit.js')],
  ['Queries put into words (Kysely)', (_, url) => url.includes('/node_modules/kysely/')],
  ['Writing to the network', (called) => /^write(v|Buffer|String|Utf8String|Latin1String)$/.test(called)],
  ['Garbage collection', (called) => called === '(garbage collector)'],
  [
    'Fastify, routes, schemas',
    (_, url) => /\/node_modules\/(@fastify\/|fastify|find-my-way|ajv|fast-json|secure-json)/.test(url),
  ],
  ['Log', (_, url) => /\/node_modules\/(@pinojs\/|pino)/.test(url)],
  ['Metrics and limits', (_, url) => /\/node_modules\/(prom-client|rate-limiter)/.test(url)],
  ['Sockets (Socket.IO)', (_, url) => /\/node_modules\/(socket\.io|engine\.io|ws\/)/.test(url)],
  ['Node’s own HTTP, streams, timers, hashes', (_, url) => url.startsWith('node:')],
  ['Not in JavaScript: the event loop, V8', (called) => /^\(program\)$|^runMicrotasks$/.test(called)],
  ['Earshot’s own code', (_, url) => url.includes('/server/dist/')],
];

const OTHER = 'Everything else';

/** What `sharesOf` tells the shares of, in its order. */
export const kindNames = [...KINDS.map(([name]) => name), OTHER];

/**
 * On what the thread spent its time, idling left out.
 *
 * @param {CpuProfile} profile
 * @param {number} seconds so many last ones are looked at
 * @returns {number[]} by `kindNames`; they add up to one
 */
export function sharesOf({ nodes, samples, timeDeltas, startTime, endTime }, seconds) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const from = endTime - seconds * 1e6;
  /** @type {Map<string, number>} */
  const spent = new Map();
  let busy = 0;
  let now = startTime;
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    now += delta;
    const { functionName = '', url = '' } = frames.get(id) ?? {};
    if (now < from || functionName === '(idle)' || functionName === '(root)') continue;
    const kind = KINDS.find(([, isOf]) => isOf(functionName, url))?.[0] ?? OTHER;
    spent.set(kind, (spent.get(kind) ?? 0) + delta);
    busy += delta;
  }
  return kindNames.map((name) => (spent.get(name) ?? 0) / busy);
}
