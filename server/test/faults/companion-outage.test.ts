import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CompanionTables } from '../../src/apps/companion/tables.js';
import { withTables } from '../../src/platform/database/database.js';
import { type CompanionApp, startCompanionApp } from '../support/companion-app.js';
import { listen, opusPackets, ready, silence } from '../support/companion-listener.js';
import { type Outage, tcpWithOutages } from '../support/outages.js';
import { eventually, type Ground, layGround } from '../support/servers.js';

let ground: Ground;
let database: Outage;
let app: CompanionApp;
beforeAll(async () => {
  ground = await layGround('PostgreSQL, Redis and S3');
  database = await tcpWithOutages(ground.environment.DATABASE_URL ?? '');
  app = await startCompanionApp('PostgreSQL, Redis and S3', {
    ground,
    environment: { DATABASE_URL: database.url },
  });
});
afterAll(async () => {
  await app.stop();
  await ground.remove();
});

it('forgets a stream that ended while PostgreSQL was away, without a restart', async () => {
  const user = await app.signUp();
  const listener = await listen(app.url, user.token, { codec: 'opus_fs320' });
  await ready(listener);
  await listener.stream(opusPackets(silence(1), 20));
  const tables = withTables<CompanionTables>(app.platform.database.read);
  const streams = () => tables.selectFrom('companion_streams').select('id').execute();
  await eventually(streams, (rows) => rows.length === 1);

  await database.cut();
  await listener.stop();
  await eventually(
    async () => app.logged.some((line) => line.includes('a stream could not be finished')),
    (isTold) => isTold,
    30_000,
  );
  await database.restore();
  expect(await eventually(streams, (rows) => rows.length === 0, 60_000)).toEqual([]);
});
