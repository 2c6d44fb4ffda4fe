import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type Config, isScaled, loadConfig } from '../config.js';
import { connectMedia, connectSnapshot } from '../connect.js';
import { lockDataDirectory } from '../platform/database/sqlite/process-lock.js';
import { loadSecrets } from '../platform/secrets.js';
import { dataTables, OWN_NOTES_TABLE } from './archive/tables.js';
import { backup } from './backup.js';
import { CommandError } from './command-line.js';
import { restore } from './restore.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a single machine keeps things; none of it has a meaning on the other side. */
const SCALED_ONLY = [
  'DATABASE_URL',
  'DATABASE_READ_URL',
  'REDIS_URL',
  'REDIS_CLUSTER',
  'S3_ENDPOINT',
  'S3_BUCKET',
];
const SINGLE_ONLY = ['DATABASE_PATH'];

/**
 * Moves a whole installation to the other scale: every row and every media object, compared afterwards by counts and
 * hashes. `sqlite:DIRECTORY` is a data directory with its own media; `postgres://…` takes its media store (`S3_*`, or
 * else files) from the environment. Nothing is changed on the side that is copied from; a copy that failed can simply be run again.
 *
 * @throws CommandError when the target is not empty, a server runs on the source, or the two have different secrets
 */
export async function copy(environment: Environment, words: readonly string[]): Promise<void> {
  const { from, to } = sides(words);
  const source = configOf(environment, from);
  const target = configOf(environment, to);
  if (!isScaled(source) && !existsSync(source.DATA_DIR))
    throw new CommandError(`There is no data directory ${source.DATA_DIR}.`);
  const unlock = isScaled(source) ? () => {} : lockDataDirectory(source.DATA_DIR);
  if (!unlock)
    throw new CommandError(
      `A server is running on ${source.DATA_DIR}. Stop it first: what it takes in meanwhile would not be copied.`,
    );
  const folder = await mkdtemp(join(existsSync(source.DATA_DIR) ? source.DATA_DIR : tmpdir(), 'copy-'));
  try {
    requireSameSecret(source, target);
    const archive = join(folder, 'everything.tar.gz');
    await backup(source, archive);
    await restore(target, archive, { keepsEpochs: true });
    await compare(source, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
    unlock();
  }
  if (isScaled(source))
    console.log(
      'Servers that still run on the source have written what is not in the copy. Stop them first.',
    );
}

function sides(words: readonly string[]): { readonly from: string; readonly to: string } {
  const [fromFlag, from, toFlag, to, ...more] = words;
  if (fromFlag !== '--from' || toFlag !== '--to' || !from || !to || more.length > 0)
    throw new CommandError(
      'Say what to copy where, for example: earshot copy --from sqlite:./data --to postgres://user:password@host/earshot',
    );
  return { from, to };
}

/** The configuration of one side, which is the environment's but for where the data are. */
function configOf(environment: Environment, side: string): Config {
  if (/^postgres(ql)?:\/\//.test(side)) {
    const rest = Object.entries(environment).filter(([name]) => !SINGLE_ONLY.includes(name));
    return loadConfig({ ...Object.fromEntries(rest), DATABASE_URL: side });
  }
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(side)?.[1];
  if (!path) throw new CommandError(`${side} is neither sqlite:DIRECTORY nor postgres://…`);
  const directory = resolve(basename(path).endsWith('.db') ? dirname(path) : path);
  const rest = Object.entries(environment).filter(
    ([name]) => ![...SCALED_ONLY, ...SINGLE_ONLY].includes(name),
  );
  return loadConfig({ ...Object.fromEntries(rest), DATA_DIR: directory });
}

/** Without the same secret, users who signed in with a key would be strangers and what is sealed could not be read. */
function requireSameSecret(source: Config, target: Config): void {
  const hasOwn = (config: Config) =>
    config.SERVER_SECRET !== undefined || existsSync(join(config.DATA_DIR, 'secrets.json'));
  // A target without a secret is given the source's by the restore.
  if (!hasOwn(source) || !hasOwn(target)) return;
  const markOf = (config: Config) =>
    loadSecrets({
      serverSecret: config.SERVER_SECRET,
      jwtSecret: config.JWT_SECRET,
      dataDirectory: config.DATA_DIR,
    }).fingerprint('copy');
  if (markOf(source) !== markOf(target))
    throw new CommandError(
      'The two sides have different secrets. Set SERVER_SECRET to the one of the source (its DATA_DIR/secrets.json) and copy again.',
    );
}

/** @throws CommandError naming what differs */
async function compare(source: Config, target: Config): Promise<void> {
  const [before, after] = [await rowsOf(source), await rowsOf(target)];
  for (const [table, { rows, hash }] of before) {
    const copied = after.get(table);
    if (copied?.rows !== rows || copied.hash !== hash)
      throw new CommandError(
        `The copy of ${table} differs (${rows} rows in the source, ${copied?.rows ?? 0} in the copy). Empty the target and copy again.`,
      );
  }
  const [objects, copies] = [await objectsOf(source), await objectsOf(target)];
  for (const [key, hash] of objects)
    if (copies.get(key) !== hash) throw new CommandError(`The copy of the media object ${key} differs.`);
  const rows = [...before.values()].reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `Compared: ${rows.toLocaleString('en')} rows in ${before.size} tables and ${objects.size.toLocaleString('en')} media objects are the same on both sides.`,
  );
}

/** Each table's rows counted and hashed, in whatever order they come. */
async function rowsOf(
  config: Config,
): Promise<Map<string, { readonly rows: number; readonly hash: string }>> {
  const snapshot = await connectSnapshot(config);
  try {
    const found = new Map<string, { rows: number; hash: string }>();
    for (const table of dataTables(await snapshot.tables())) {
      if (table.name === OWN_NOTES_TABLE) continue;
      let rows = 0;
      const sum = Buffer.alloc(32);
      for await (const batch of snapshot.rows(table))
        for (const row of batch) {
          rows += 1;
          add(sum, createHash('sha256').update(canonical(row)).digest());
        }
      found.set(table.name, { rows, hash: sum.toString('hex') });
    }
    return found;
  } finally {
    await snapshot.close();
  }
}

/** PostgreSQL texts hold no U+0000; the restore writes the sign for what cannot be shown in its place. */
const canonical = (row: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1))).replaceAll(
    '\\u0000',
    '\uFFFD',
  );

/** Adds one hash to a sum of hashes, as numbers: the order does not matter, and twice the same is not nothing. */
function add(sum: Buffer, hash: Buffer): void {
  let carry = 0;
  for (let index = sum.length - 1; index >= 0; index -= 1) {
    carry += (sum[index] ?? 0) + (hash[index] ?? 0);
    sum[index] = carry & 0xff;
    carry >>= 8;
  }
}

async function objectsOf(config: Config): Promise<Map<string, string>> {
  const media = await connectMedia(config, { besideServer: true });
  try {
    const found = new Map<string, string>();
    for await (const { key } of media.list('')) {
      const body = await media.read(key);
      if (!body) continue;
      const hash = createHash('sha256');
      for await (const piece of Buffer.isBuffer(body) ? [body] : body) hash.update(piece as Buffer);
      found.set(key, hash.digest('hex'));
    }
    return found;
  } finally {
    await media.close();
  }
}
