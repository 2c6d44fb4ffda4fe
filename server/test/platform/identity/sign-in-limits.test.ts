import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { call, PASSWORD, signUp } from '../../support/accounts.js';
import { type Ground, layGround, stacks, startServer, type TestServer } from '../../support/servers.js';

/** Every password that is really worked on, and how many were at the same time. */
const work = vi.hoisted(() => ({ hashes: 0, now: 0, most: 0 }));

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const scrypt = (...call: Parameters<typeof crypto.scrypt>) => {
    const [password, salt, length, options, done] = call;
    work.hashes += 1;
    work.now += 1;
    work.most = Math.max(work.most, work.now);
    crypto.scrypt(password, salt, length, options, (error, key) => {
      work.now -= 1;
      done(error, key);
    });
  };
  return { ...crypto, default: { ...crypto, scrypt }, scrypt };
});

describe.each(stacks)('guessing passwords, on %s', (stack) => {
  let ground: Ground;
  let server: TestServer;
  let number = 0;
  const newEmail = () => `${stack.replaceAll(/\W/g, '')}-${++number}@example.com`.toLowerCase();
  const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
    call(server, 'POST', '/api/auth/sign-in/email', { body: { email, password }, headers });
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const start = (environment: Record<string, string>) =>
    startServer(ground, { TRUST_PROXY: 'true', ...environment });

  beforeAll(async () => {
    ground = await layGround(stack);
  });
  afterAll(() => ground.remove());
  beforeEach(() => {
    work.hashes = 0;
    work.most = 0;
    return async () => server.stop();
  });

  it('is refused after ten failures for an account from one address, without hashing anything', async () => {
    server = await start({ AUTH_FAILURES_PER_MINUTE: '1000' });
    const email = newEmail();
    await signUp(server, email);
    for (let count = 0; count < 10; count++) {
      expect((await signIn(email, 'wrong password', from('192.0.2.1'))).status).toBe(401);
    }
    const hashes = work.hashes;
    const refused = await signIn(email, 'wrong password', from('192.0.2.1'));
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      code: 'RATE_LIMITED',
      error: expect.any(String),
      operation: 'sign-in',
      limit: 10,
      remaining: 0,
      resetAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect((await signIn(email, PASSWORD, from('192.0.2.1'))).status).toBe(429);
    expect((await signIn(email.toUpperCase(), PASSWORD, from('192.0.2.1'))).status).toBe(429);
    expect(work.hashes).toBe(hashes);
    // Others are not kept out by it.
    expect((await signIn(email, PASSWORD, from('192.0.2.2'))).status).toBe(200);
  });

  it('is refused after so many failures of one address, whichever accounts it tries', async () => {
    server = await start({ AUTH_FAILURES_PER_MINUTE: '4' });
    const email = newEmail();
    await signUp(server, email);
    for (let count = 0; count < 4; count++) {
      expect((await signIn(newEmail(), 'wrong password', from('192.0.2.10'))).status).toBe(401);
    }
    const hashes = work.hashes;
    expect((await signIn(email, PASSWORD, from('192.0.2.10'))).status).toBe(429);
    expect(work.hashes).toBe(hashes);
  });

  it('is refused after a hundred failures for an account from everywhere', async () => {
    server = await start({ SIGN_IN_FAILURES_PER_HOUR: '1', AUTH_FAILURES_PER_MINUTE: '1000' });
    const email = newEmail();
    await signUp(server, email);
    for (let count = 0; count < 10; count++) {
      expect((await signIn(email, 'wrong password', from(`198.51.100.${count}`))).status).toBe(401);
    }
    expect((await signIn(email, 'wrong password', from('198.51.100.99'))).status).toBe(429);
  });

  it('gains nothing by being done in parallel', async () => {
    server = await start({ AUTH_FAILURES_PER_MINUTE: '1000' });
    const email = newEmail();
    await signUp(server, email);
    work.hashes = 0;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => signIn(email, 'wrong password', from('192.0.2.20'))),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(40);
    expect(work.hashes).toBe(10);
  });

  it('is not what fifty devices do that sign in at once, and they wait for the cores', async () => {
    server = await start({});
    const email = newEmail();
    await signUp(server, email);
    work.most = 0;
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn(email, PASSWORD)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const { availableParallelism } = await import('node:os');
    expect(work.most).toBeLessThanOrEqual(availableParallelism());
  }, 120_000);

  it('of new accounts there are so many in an hour for one address', async () => {
    server = await start({ SIGN_UPS_PER_HOUR: '2' });
    const make = (password = PASSWORD) =>
      call(server, 'POST', '/api/auth/sign-up', {
        body: { email: newEmail(), password },
        headers: from('203.0.113.1'),
      });
    expect((await make('short')).status).toBe(400);
    expect((await make()).status).toBe(200);
    expect((await make()).status).toBe(200);
    const hashes = work.hashes;
    expect(await make()).toMatchObject({ status: 429, body: { operation: 'sign-up', limit: 2 } });
    expect(work.hashes).toBe(hashes);
  });
});
