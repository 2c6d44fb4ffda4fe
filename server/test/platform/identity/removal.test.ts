import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, call, signUp } from '../../support/accounts.js';
import {
  eventually,
  type Ground,
  layGround,
  stacks,
  startServer,
  type TestServer,
} from '../../support/servers.js';

describe.each(stacks)('removing a user, on %s', (stack) => {
  let ground: Ground;
  let server: TestServer;
  beforeAll(async () => {
    ground = await layGround(stack);
    server = await startServer(ground);
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
  });

  const mediaKeys = async () => {
    const keys: string[] = [];
    for await (const { key } of server.built.platform.media.list('')) keys.push(key);
    return keys.sort();
  };

  /** Where the user is still named, as `table: rows`, over every table of every app. */
  const traces = async (userId: string) => {
    const { read, dialect } = server.built.platform.database;
    const found: string[] = [];
    for (const table of await tablesOf(read, dialect)) {
      const rows = await sql.raw(`select * from "${table}"`).execute(read);
      const naming = rows.rows.filter((row) => JSON.stringify(row).includes(userId));
      if (naming.length > 0) found.push(`${table}: ${naming.length}`);
    }
    return found;
  };

  const fill = async (email: string) => {
    const made = await signUp(server, email);
    const headers = bearer(made.token);
    const order = { text: `The words of ${email}.`, voice: 'alloy', model: 'tts-1', format: 'wav', speed: 1 };
    expect((await call(server, 'POST', '/tts/generate', { body: order, headers })).status).toBe(200);
    const hero = { name: 'Nia', age: 6, traits: ['brave'] };
    expect((await call(server, 'POST', '/api/v1/heroes', { body: hero, headers })).status).toBe(201);
    const { apiKeys } = server.built.platform;
    await apiKeys.create({ userId: made.userId, kind: 'mcp', name: 'Desk', prefix: 'k_' });
    await eventually(
      async () => (await call(server, 'GET', '/tts/files', { headers })).body as { status: string }[],
      (files) => files.every(({ status }) => status === 'ready'),
    );
    return made;
  };

  it('leaves no row in any table and no media, and touches nobody else', async () => {
    const stranger = await fill('stranger@example.com');
    await eventually(
      () => server.built.platform.jobs.counts(),
      ({ running }) => running === 0,
    );
    const before = { traces: await traces(stranger.userId), media: await mediaKeys() };
    const gone = await fill('gone@example.com');
    expect((await traces(gone.userId)).length).toBeGreaterThan(6);
    expect((await mediaKeys()).length).toBeGreaterThan(before.media.length);

    await server.built.platform.accounts.remove(gone.userId);

    expect((await call(server, 'GET', '/tts/files', { headers: bearer(gone.token) })).status).toBe(401);
    await eventually(mediaKeys, (keys) => keys.length === before.media.length);
    expect(await mediaKeys()).toEqual(before.media);
    // Notes of visits are written late, and must not bring anybody back.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(await traces(gone.userId)).toEqual([]);
    expect(await traces('gone@example.com')).toEqual([]);
    expect(await traces(stranger.userId)).toEqual(before.traces);
    expect((await call(server, 'GET', '/tts/files', { headers: bearer(stranger.token) })).status).toBe(200);
    // The e-mail is free again.
    const again = await signUp(server, 'gone@example.com');
    expect(again.userId).not.toBe(gone.userId);
  });

  it('stops what is being made for them', async () => {
    const made = await signUp(server, 'busy@example.com');
    const before = await mediaKeys();
    const text = 'A long text, of which only a part is spoken before its owner goes. '.repeat(200);
    const body = { text, voice: 'alloy', model: 'tts-1', format: 'wav', speed: 1 };
    const { status } = await call(server, 'POST', '/tts/generate', { body, headers: bearer(made.token) });
    expect(status).toBe(200);
    await server.built.platform.accounts.remove(made.userId);
    // The job's own row goes once it has stopped.
    await eventually(
      () => traces(made.userId),
      (left) => left.length === 0,
    );
    expect(await mediaKeys()).toEqual(before);
  });
});

async function tablesOf<T>(db: Kysely<T>, dialect: 'sqlite' | 'postgres'): Promise<string[]> {
  const query =
    dialect === 'sqlite'
      ? sql<{
          name: string;
        }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
      : sql<{
          name: string;
        }>`select table_name as name from information_schema.tables where table_schema = 'public'`;
  const { rows } = await query.execute(db);
  return rows.map(({ name }) => name).filter((name) => !/_(data|idx|docsize|config)$/.test(name));
}
