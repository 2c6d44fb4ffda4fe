import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { supportMigrations } from '../../../src/apps/support/migrations.js';
import { allMigrations } from '../../../src/connect.js';
import { migrate } from '../../../src/platform/database/migrations.js';
import { openPostgres } from '../../../src/platform/database/postgres/index.js';
import { freshPostgres } from '../../support/databases.js';
import { type OperatorApp, type OwnedApp, startOperatorApp } from '../../support/operator-app.js';
import { type Outage, tcpWithOutages } from '../../support/outages.js';
import { redisUrl } from '../../support/redis.js';

const LISTS = [
  '/admin/api/conversations',
  '/admin/api/conversations?search=ann',
  '/admin/api/users',
] as const;

/** The copy has the schema and no rows, so that what comes from it is empty. */
describe.skipIf(!redisUrl())('Read replicas: with DATABASE_READ_URL', () => {
  let app: OperatorApp;
  let owned: OwnedApp;
  let way: Outage;
  let talk: { conversationId: string; deviceId: string };
  beforeAll(async () => {
    const copy = await freshPostgres();
    const database = openPostgres(copy);
    await migrate(database, allMigrations([{ migrations: supportMigrations }]), Date.now());
    await database.close();
    way = await tcpWithOutages(copy);
    app = await startOperatorApp('PostgreSQL, Redis and S3', { environment: { DATABASE_READ_URL: way.url } });
    owned = await app.signUp();
    talk = await app.converse(owned, { userId: 'ann', body: 'My lamp is dark' });
  });
  afterAll(async () => {
    await app.stop();
    await way.cut();
  });

  const lines = async () => {
    const [all, found, people] = await Promise.all(
      LISTS.map((path) => app.call<Record<string, unknown[]>>('GET', path, { as: owned.owner })),
    );
    return [all?.body.conversations?.length, found?.body.conversations?.length, people?.body.users?.length];
  };

  it('lists, search and figures are asked of the replica', async () => {
    expect(await lines()).toEqual([0, 0, 0]);
    const stats = await app.call('GET', '/admin/api/dashboard/stats', { as: owned.owner });
    expect(stats.body).toMatchObject({ total_conversations: 0 });
  });

  it('what was just written is read from the primary: the thread, sync, the account', async () => {
    const thread = `/admin/api/conversations/${talk.conversationId}/messages`;
    const sent = await app.call('POST', thread, {
      as: owned.owner,
      body: { body: 'Turn the switch', local_id: randomUUID() },
    });
    expect(sent.status).toBe(200);
    const read = await app.call<{ messages: unknown[] }>('GET', thread, { as: owned.owner });
    expect(read.body.messages).toHaveLength(2);
    const sync = await app.call<{ messages: unknown[] }>(
      'GET',
      `/v1/conversations/${talk.conversationId}/sync?after_sequence=0`,
      { headers: { 'x-app-id': owned.appId, 'x-api-key': owned.apiKey, 'x-device-id': talk.deviceId } },
    );
    expect(sync.body.messages).toHaveLength(2);
  });

  it('the primary answers everything while the replica is away, and one line says so', async () => {
    await way.cut();
    expect(await lines()).toEqual([1, 1, 1]);
    expect(await lines()).toEqual([1, 1, 1]);
    const said = app.logged.filter((line) => line.includes('the read replica cannot be reached'));
    expect(said).toHaveLength(1);
    await way.restore();
  });
});
