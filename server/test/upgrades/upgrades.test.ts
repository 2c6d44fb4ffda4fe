import { describe, expect, it } from 'vitest';
import { apps } from '../../src/apps/catalogue.js';
import { loadConfig } from '../../src/config.js';
import { allMigrations, connectDatabase } from '../../src/connect.js';
import { migrate } from '../../src/platform/database/migrations.js';
import { createLog } from '../../src/platform/telemetry/log.js';
import { kindsOfResidents } from '../faults/house/house.js';
import { startUpstream } from '../faults/house/upstream.js';
import { startChildServer } from '../support/child-server.js';
import { dialects } from '../support/databases.js';
import { makeSnapshot, newPremises, openSnapshot, type Premises, versions } from './snapshot.js';

/** `node scripts/make-upgrade-snapshot.js` sets these. */
const { SNAPSHOT_VERSION, SNAPSHOT_SERVER = '', SNAPSHOT_APPS = '' } = process.env;
const snapshots = (await versions()).flatMap((version) => dialects.map((dialect) => ({ version, dialect })));

if (SNAPSHOT_VERSION) {
  it.each(dialects)(
    `makes a snapshot of ${SNAPSHOT_VERSION} on %s`,
    { timeout: 600_000 },
    async (dialect) => {
      await makeSnapshot(SNAPSHOT_VERSION, dialect, {
        server: SNAPSHOT_SERVER,
        appNames: SNAPSHOT_APPS.split(','),
      });
    },
  );
} else {
  describe.each(snapshots)('the data of release $version on $dialect', ({ version, dialect }) => {
    it('is brought to today’s schema by the start, and its users find everything and go on', {
      timeout: 300_000,
    }, async () => {
      const { premises, users } = await openSnapshot(version, dialect);
      const before = await appliedIn(premises);
      const upstream = await startUpstream();
      const server = await startChildServer({ ...premises.environment, OPENAI_BASE_URL: upstream.baseUrl });

      const all = allMigrations(apps).map(({ id }) => id);
      expect(await appliedIn(premises)).toEqual([...all].sort());
      const missing = all.filter((id) => !before.includes(id));
      expect(server.output().includes('the schema was brought up to date')).toBe(missing.length > 0);
      for (const id of missing) expect(server.output()).toContain(id);

      expect(Object.keys(users).length).toBeGreaterThan(0);
      for (const [kind, memory] of Object.entries(users)) {
        const user = await kindsOfResidents[kind]?.moveIn(server.url, memory);
        expect(await user?.judge(), kind).toEqual([]);
        await user?.step();
        await user?.settle();
        expect(await user?.judge(), `${kind}, going on`).toEqual([]);
      }
      expect(await server.end('SIGTERM')).toBe(0);

      const fresh = await newPremises(dialect);
      const database = await connectDatabase(loadConfig(fresh.environment), createLog('silent'));
      await migrate(database, allMigrations(apps), 1);
      await database.close();
      expect(await schemaOf(premises)).toEqual(await schemaOf(fresh));
      await upstream.close();
      await premises.remove();
      await fresh.remove();
    });
  });
}

const appliedIn = async (premises: Premises): Promise<string[]> =>
  (await premises.query('select id from schema_migrations order by id')).map(({ id }) => String(id)).sort();

/** Every table, column, index and rule, in a form that can be compared. */
const schemaOf = ({ dialect, query }: Premises): Promise<Record<string, unknown>[]> =>
  query(
    dialect === 'sqlite'
      ? 'select type, name, sql from sqlite_master order by type, name'
      : `select 'column' as type, table_name || '.' || column_name as name,
           concat_ws(' ', data_type, is_nullable, column_default, generation_expression) as sql
         from information_schema.columns where table_schema = 'public'
         union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
         union all select 'rule', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
         from pg_constraint where connamespace = 'public'::regnamespace
         order by 1, 2`,
  );
