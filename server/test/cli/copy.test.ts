import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { copy } from '../../src/cli/copy.js';
import { loadConfig } from '../../src/config.js';
import type { Dialect } from '../../src/platform/database/database.js';
import { lockDataDirectory } from '../../src/platform/database/sqlite/process-lock.js';
import { dialects } from '../support/databases.js';
import { startS3 } from '../support/s3.js';
import {
  addListener,
  allMedia,
  allRows,
  type Installation,
  installation,
  opened,
  printed,
} from './installation.js';

const made: Installation[] = [];
async function fresh(dialect: Dialect, more: Record<string, string> = {}): Promise<Installation> {
  const one = await installation(dialect, more);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

async function fill(one: Installation): Promise<void> {
  const { database, media, close } = await opened(one.config);
  // PostgreSQL has no U+0000 in texts, SQLite has.
  const odd = database.dialect === 'sqlite' ? '\u0000' : '';
  for (let n = 0; n < 20; n += 1) {
    const { userId } = await addListener(database, media, `Text ${n} 💬\r\nwith lines${odd}`);
    await database.transaction((tx) =>
      sql`insert into change_sequences (owner, latest, epoch) values (${userId}, 7, 'an-epoch')`.execute(tx),
    );
  }
  await close();
}

/** The rows as both databases can hold them. */
const rowsOf = async ({ config }: Installation): Promise<string> =>
  JSON.stringify(
    Object.entries(await allRows(config)).map(([table, lines]) => [
      table,
      lines.map((line) => line.replaceAll('\\u0000', '').replaceAll('\uFFFD', '')).sort(),
    ]),
  );

const sideOf = ({ config }: Installation): string => config.DATABASE_URL ?? `sqlite:${config.DATA_DIR}`;
/** The environment of whoever moves between the two: both directories cannot be DATA_DIR at once. */
const environmentOf = (from: Installation, to: Installation): Record<string, string> => ({
  ...(from.config.DATABASE_URL ? from.environment : to.environment),
});

describe.each(
  dialects.flatMap((from) => dialects.filter((to) => to !== from).map((to) => [from, to] as const)),
)('earshot copy from %s to %s', (from, to) => {
  it('copies every row, every object and the secret, and compares them', async () => {
    const source = await fresh(from);
    const target = await fresh(to);
    await fill(source);
    const words = await printed(() =>
      copy(environmentOf(source, target), ['--from', sideOf(source), '--to', sideOf(target)]),
    );
    expect(words).toMatch(/Compared: [\d,]+ rows in \d+ tables and 20 media objects are the same/);
    expect(await rowsOf(target)).toBe(await rowsOf(source));
    const mediaOf = async ({ config }: Installation) => {
      const { media, close } = await opened(config);
      const all = await allMedia(media);
      await close();
      return all;
    };
    expect(await mediaOf(target)).toEqual(await mediaOf(source));
    const secret = ({ config }: Installation) => readFileSync(join(config.DATA_DIR, 'secrets.json'), 'utf8');
    expect(secret(target)).toBe(secret(source));
    await expect(
      printed(() => copy(environmentOf(source, target), ['--from', sideOf(source), '--to', sideOf(target)])),
    ).rejects.toThrow('already has data');
  });
});

describe('earshot copy', () => {
  it('takes the media to S3 and says what keeps it from copying', async () => {
    const source = await fresh('sqlite');
    await fill(source);
    const s3 = await startS3();
    const target = await fresh('postgres', {
      SERVER_SECRET: 'another-secret-of-the-target-that-is-long-enough',
      S3_ENDPOINT: s3.options.endpoint ?? '',
      S3_BUCKET: s3.options.bucket,
      S3_REGION: s3.options.region,
      S3_ACCESS_KEY_ID: s3.options.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.options.secretAccessKey,
    });
    const words = ['--from', sideOf(source), '--to', sideOf(target)];
    await expect(copy(target.environment, ['--to', 'x'])).rejects.toThrow('Say what to copy where');
    await expect(copy(target.environment, ['--from', 'mysql:x', '--to', 'y'])).rejects.toThrow(
      'neither sqlite',
    );
    const unlock = lockDataDirectory(source.config.DATA_DIR);
    await expect(copy(target.environment, words)).rejects.toThrow('A server is running');
    unlock?.();
    const { SERVER_SECRET: _, ...environment } = target.environment;
    await printed(() => copy(environment, words));
    const { media, close } = await opened(loadConfig(environment));
    expect(Object.keys(await allMedia(media))).toHaveLength(20);
    await close();
    await s3.stop();
  });
});
