import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildServer } from '../../src/build.js';
import { doctor } from '../../src/cli/doctor.js';
import { loadConfig } from '../../src/config.js';
import { lockDataDirectory } from '../../src/platform/database/sqlite/process-lock.js';
import { createLog } from '../../src/platform/telemetry/log.js';
import { freshPostgres } from '../support/databases.js';
import { redisOrSkip } from '../support/redis.js';
import { freePort } from '../support/services.js';
import { type Installation, installation, opened, printed } from './installation.js';

describe('the doctor', () => {
  let one: Installation;
  let environment: Record<string, string>;
  beforeEach(async () => {
    one = await installation('sqlite');
    environment = { ...one.environment, PORT: String(await freePort()), PATH: process.env.PATH ?? '' };
  });
  afterEach(() => one.remove());

  const examine = async (more: Record<string, string> = {}) => {
    let code = -1;
    const words = await printed(async () => {
      code = await doctor({ ...environment, ...more });
    });
    return { code, words };
  };

  it('finds a fresh machine in order, and makes nothing', async () => {
    const { code, words } = await examine();
    expect(words).not.toContain('✗');
    expect(words).toContain('the first start makes it');
    expect(words).toMatch(/built-in voice speaks .*formats: mp3/);
    expect(code).toBe(0);
    expect(existsSync(one.config.DATA_DIR)).toBe(false);
  });

  it('finds a running server in order and says that it runs', async () => {
    const config = loadConfig(environment);
    const unlock = lockDataDirectory(config.DATA_DIR);
    const server = await buildServer(config, { log: createLog('silent') });
    await server.start();
    await server.http.listen({ host: config.HOST, port: config.PORT });
    const { code, words } = await examine();
    await server.close();
    unlock?.();
    expect(code).toBe(0);
    expect(words).toContain('a server is running on it');
    expect(words).toMatch(/port \d+ is served by Earshot \d/);
    expect(words).toContain('schema is up to date');
    expect(words).toContain('quick_check');
    expect(words).toContain('readable by its owner only');
  });

  it('names every wrong variable', async () => {
    const { code, words } = await examine({ PORT: 'many', LOG_LEVEL: 'loud' });
    expect(code).toBe(1);
    expect(words).toMatch(/✗ PORT: /);
    expect(words).toMatch(/✗ LOG_LEVEL: /);
    const apps = await examine({ APPS: 'telepathy' });
    expect(apps.words).toMatch(/✗ APPS names telepathy/);
  });

  it('says what is wrong with a data directory that cannot be written', async () => {
    const file = one.path('a-file');
    writeFileSync(file, '');
    const { code, words } = await examine({ DATA_DIR: join(file, 'data') });
    expect(code).toBe(1);
    expect(words).toMatch(/✗ the data directory .* cannot be written/);
    expect(words).toMatch(/→ Make it a folder/);
  });

  it('says that a database cannot be reached, without its password', async () => {
    const { code, words } = await examine({
      DATABASE_URL: `postgres://earshot:a-password@127.0.0.1:${await freePort()}/earshot`,
    });
    expect(code).toBe(1);
    expect(words).toMatch(/✗ PostgreSQL cannot be used/);
    expect(words).toMatch(/→ Start PostgreSQL/);
    expect(words).not.toContain('a-password');
  });

  it('says that a schema is not up to date', async () => {
    const { code, words } = await examine({ DATABASE_URL: await freshPostgres() });
    expect(code).toBe(0);
    expect(words).toMatch(/! its schema lacks/);
  });

  it('says whether the read replica answers', async () => {
    const url = await freshPostgres();
    const both = { DATABASE_URL: url, DATABASE_READ_URL: url };
    expect((await examine(both)).words).toContain('✓ the read replica answers');
    const { code, words } = await examine({
      ...both,
      DATABASE_READ_URL: `postgres://earshot:hidden-word@127.0.0.1:${await freePort()}/gone`,
    });
    expect(code).toBe(0);
    expect(words).toMatch(/! the read replica cannot be used/);
    expect(words).not.toContain('hidden-word');
  });

  it('says that a database file is damaged', async () => {
    await (await opened(one.config)).close();
    writeFileSync(
      join(one.config.DATA_DIR, 'earshot.db'),
      'this is no database, it is a sentence. '.repeat(200),
    );
    const { code, words } = await examine();
    expect(code).toBe(1);
    expect(words).toMatch(/✗ SQLite .*cannot be used/);
  });

  it('says that others may read the secret', async () => {
    await (await opened(one.config)).close();
    chmodSync(join(one.config.DATA_DIR, 'secrets.json'), 0o644);
    expect((await examine()).words).toMatch(/! others may read the secret.*chmod 600/s);
  });

  it('says that the port is taken by another program', async () => {
    const other = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => other.listen(Number(environment.PORT), '127.0.0.1', resolve));
    const { code, words } = await examine();
    other.close();
    expect(code).toBe(1);
    expect(words).toMatch(/✗ port \d+ is taken by another program/);
  });

  it('says that Redis is away or there', async () => {
    const away = await examine({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    expect(away.words).toMatch(/✗ Redis cannot be reached/);
    const url = redisOrSkip('the doctor');
    if (url) expect((await examine({ REDIS_URL: url })).words).toContain('✓ Redis answers');
  });

  it('says that the provider cannot be reached, and never shows the key', async () => {
    const { code, words } = await examine({
      OPENAI_BASE_URL: `http://127.0.0.1:${await freePort()}/v1`,
      OPENAI_API_KEY: 'sk-operators-own-key-0123456789',
    });
    expect(code).toBe(1);
    expect(words).toMatch(/✗ the speech provider cannot be used/);
    expect(words).not.toContain('sk-operators');
  });

  it('warns of plain HTTP for other devices, and of browsers shut out in production', async () => {
    const { words } = await examine({ HOST: '0.0.0.0', NODE_ENV: 'production' });
    expect(words).toMatch(/! other devices come by plain HTTP/);
    expect(words).toMatch(/! only this server’s own pages/);
  });

  it('says that a certificate cannot be read', async () => {
    const { code, words } = await examine({
      TLS_CERT_FILE: one.path('c.pem'),
      TLS_KEY_FILE: one.path('k.pem'),
    });
    expect(code).toBe(1);
    expect(words).toMatch(/✗ the certificate or its key cannot be read/);
  });
});
