import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.js';
import { users } from '../../src/cli/users.js';
import { bearer, call } from '../support/accounts.js';
import { dialects } from '../support/databases.js';
import { startServer } from '../support/servers.js';
import { addListener, type Installation, installation, opened, printed } from './installation.js';

const PASSWORD = 'a password from standard input';

describe.each(dialects)('earshot users, on %s', (dialect) => {
  let one: Installation;
  beforeEach(async () => {
    one = await installation(dialect, {
      NODE_ENV: 'test',
      APPS: 'speech',
      ...(dialect === 'postgres' ? { SERVER_SECRET: 'a-secret-of-the-tests-that-is-long-enough' } : {}),
    });
  });
  afterEach(() => one.remove());

  const ground = () => ({ ...one, dataDirectory: one.config.DATA_DIR, remove: async () => one.remove() });
  const run = (...words: string[]) =>
    printed(() => users(one.config, words, Readable.from([`${PASSWORD}\n`])));

  it('makes an account whose password is read, and gives it another one that is printed once', async () => {
    expect(await run('add', 'Ann@Example.com', '-')).toMatch(/^ann@example\.com is user [\w-]{36}\.\n?$/);
    const second = await run('set-password', 'ann@example.com');
    const password = /\n {2}(\S+)\n/.exec(second)?.[1] ?? '';
    const server = await startServer(ground());
    const signIn = (guess: string) =>
      call(server, 'POST', '/api/auth/sign-in', { body: { email: 'ann@example.com', password: guess } });
    expect((await signIn(PASSWORD)).status).toBe(401);
    expect((await signIn(password)).status).toBe(200);
    await server.stop();
  });

  it('lists everybody, by whichever way they came', async () => {
    await run('add', 'ann@example.com');
    const { database, media, close } = await opened(one.config);
    await addListener(database, media, 'a text');
    await close();
    const words = await run('list');
    expect(words).toMatch(/ann@example\.com {2}by email/);
    expect(words).toMatch(/ - {2}by openai-key/);
    expect(words).toContain('2 users');
  });

  it('names operators of the server, and takes that back', async () => {
    await run('add', 'ann@example.com');
    expect(await run('operator', 'ann@example.com')).toContain('is an operator of this server now');
    expect(await run('operators')).toMatch(/ann@example\.com {2}since .*\n1 operators/);
    await run('no-operator', 'ann@example.com');
    await expect(run('no-operator', 'ann@example.com')).rejects.toThrow('is no operator');
  });

  it('shows and ends sessions', async () => {
    await run('add', 'ann@example.com', '-');
    const server = await startServer(ground());
    const body = { email: 'ann@example.com', password: PASSWORD };
    const tokens: string[] = [];
    for (let count = 0; count < 3; count++) {
      const answer = await call(server, 'POST', '/api/auth/sign-in', { body });
      tokens.push((answer.body as { token: string }).token);
    }
    await server.stop();
    const words = await run('sessions', 'ann@example.com');
    expect(words).toContain('3 sessions');
    const id = words.split(' ', 1)[0] ?? '';
    expect(await run('revoke', 'ann@example.com', id)).toContain('1 sessions');
    expect(await run('revoke', 'ann@example.com')).toContain('2 sessions');
    const again = await startServer(ground());
    for (const token of tokens) {
      expect((await call(again, 'GET', '/tts/files', { headers: bearer(token) })).status).toBe(401);
    }
    await again.stop();
  });

  it('removes somebody with all that is theirs', async () => {
    const { database, media, close } = await opened(one.config);
    await addListener(database, media, 'a text');
    const [owner] = await database.read.selectFrom('users').select('id').execute();
    await close();
    await run('remove', owner?.id ?? '');
    expect(await run('list')).toContain('0 users');
    const after = await opened(one.config);
    expect(await after.database.read.selectFrom('identities').selectAll().execute()).toEqual([]);
    await after.close();
  });

  it.each([
    [['remove', 'nobody@example.com'], 'There is no user'],
    [['set-password', '01890000-0000-7000-8000-000000000000'], 'There is no user'],
    [['add', 'nobody'], 'Invalid email'],
    [['add', 'ann@example.com', 'a-password-in-plain-sight'], 'earshot users list'],
    [['remove'], 'earshot users list'],
    [['promote', 'ann'], 'earshot users list'],
    [[], 'earshot users list'],
  ])('refuses %j', async (words, reason) => {
    await expect(users(one.config, words)).rejects.toThrow(reason);
  });

  it('is a command', async () => {
    const words = await printed(async () => {
      expect(await runCommandLine(['users', 'list'], one.environment)).toBe(0);
    });
    expect(words).toContain('0 users');
  });
});
