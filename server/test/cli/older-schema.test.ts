import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apps } from '../../src/apps/catalogue.js';
import { backup } from '../../src/cli/backup.js';
import { restore } from '../../src/cli/restore.js';
import { allMigrations } from '../../src/connect.js';
import { dialects } from '../support/databases.js';
import { entriesOf, writeEntries } from './archives.js';
import { addListener, allRows, type Installation, installation, opened, printed } from './installation.js';

/** An archive as a version without playback positions would have written it. */
async function olderArchive(from: string, to: string): Promise<void> {
  const isNewer = (name: string) => name.includes('playback');
  const entries = (await entriesOf(from)).filter(({ name }) => !isNewer(name));
  const manifest = entries.find(({ name }) => name === 'manifest.json');
  const said = JSON.parse(manifest?.bytes.toString('utf8') ?? '');
  said.migrations = said.migrations.filter((id: string) => !isNewer(id));
  said.tables = said.tables.filter(({ name }: { name: string }) => !isNewer(name));
  const bytes = Buffer.from(JSON.stringify(said));
  await writeEntries(
    to,
    entries.map((entry) => (entry.name === 'manifest.json' ? { ...entry, bytes } : entry)),
  );
}

describe.each(dialects)('an archive of an older schema on %s', (dialect) => {
  let source: Installation;
  let archive: string;
  beforeAll(async () => {
    source = await installation('sqlite', { SERVER_SECRET: createHash('sha256').update('x').digest('hex') });
    const { database, media, close } = await opened(source.config);
    await addListener(database, media, 'from long ago');
    await close();
    await printed(() => backup(source.config, source.path('now.tar.gz')));
    archive = source.path('older.tar.gz');
    await olderArchive(source.path('now.tar.gz'), archive);
  });
  afterAll(() => source.remove());

  it('Migrations in CI/CD: is loaded and then brought up to date', async () => {
    const target = await installation(dialect);
    await printed(() => restore(target.config, archive));
    const rows = await allRows(target.config);
    expect(rows.audio_files).toEqual((await allRows(source.config)).audio_files);
    expect(rows.playback_states).toEqual([]);
    const { database, close } = await opened(target.config);
    const applied = await database.read.selectFrom('schema_migrations').select('id').execute();
    expect(applied.map(({ id }) => id).sort()).toEqual(
      allMigrations(apps)
        .map(({ id }) => id)
        .sort(),
    );
    await close();
    target.remove();
  });

  it('is refused where a newer server has started already', async () => {
    const target = await installation(dialect);
    await (await opened({ ...target.config, SERVER_SECRET: 'x'.repeat(40) })).close();
    await expect(restore(target.config, archive)).rejects.toThrow('newer schema than the archive');
    target.remove();
  });
});
