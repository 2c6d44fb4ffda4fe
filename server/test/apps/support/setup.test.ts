import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freshEmail,
  memberOf,
  type OperatorApp,
  PASSWORD,
  startOperatorApp,
} from '../../support/operator-app.js';
import { movableClock, stacks } from '../../support/servers.js';

const MASTER_API_KEY = 'a-master-key-of-the-tests-that-is-long-enough';
const APPS = '/setup/api/apps';
const START = '/setup/api/start';

describe.each(stacks)('Set-up with the master key (§12), on %s', (stack) => {
  let node: OperatorApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, { environment: { MASTER_API_KEY } });
  });
  afterAll(() => node.stop());
  const call = <T = Record<string, unknown>>(method: string, path: string, key?: string, body?: unknown) =>
    node.call<T>(method, path, {
      ...(key === undefined ? {} : { headers: { 'x-master-api-key': key } }),
      ...(body === undefined ? {} : { body }),
    });

  it('makes apps and lists them without their keys', async () => {
    const made = await call<{ app: Record<string, string>; snippets: { code: string; platform: string }[] }>(
      'POST',
      APPS,
      MASTER_API_KEY,
      { name: ' Shop ' },
    );
    expect(made).toMatchObject({
      status: 200,
      body: {
        app: {
          id: expect.any(String),
          name: 'Shop',
          api_key: expect.stringMatching(/^rhq_/),
          created_at: expect.any(String),
        },
      },
    });
    const { id = '', api_key: apiKey = '' } = made.body.app;
    for (const platform of ['web', 'android', 'ios']) {
      const code = made.body.snippets.filter((one) => one.platform === platform).map((one) => one.code);
      expect(code.join('\n')).toContain(id);
      expect(code.join('\n')).toContain(apiKey);
    }
    const listed = await call('GET', APPS, MASTER_API_KEY);
    expect(listed.body).toEqual({ apps: [{ id, name: 'Shop', created_at: expect.any(String) }] });
    expect((await node.converse({ appId: id, apiKey })).messageId).toMatch(/^msg_/);
    for (const body of [{}, { name: '' }, { name: null }]) {
      expect(await call('POST', APPS, MASTER_API_KEY, body)).toMatchObject({
        status: 400,
        body: { code: 'MISSING_NAME' },
      });
    }
  });

  it('makes an app with its owner in one step', async () => {
    const email = freshEmail();
    const started = await call<Parameters<typeof memberOf>[0] & { app: { name: string } }>(
      'POST',
      START,
      MASTER_API_KEY,
      { app_name: 'Store', email, password: PASSWORD },
    );
    expect(started).toMatchObject({
      status: 201,
      body: { app: { name: 'Store' }, user: { email, role: 'OWNER' } },
    });
    expect((await node.call('GET', '/admin/settings/team', { as: memberOf(started.body) })).status).toBe(200);
    const apps = async () => ((await call('GET', APPS, MASTER_API_KEY)).body.apps as unknown[]).length;
    const before = await apps();
    expect(await call('POST', START, MASTER_API_KEY, { email, password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'USER_EXISTS' },
    });
    expect(await apps()).toBe(before);
  });

  it('refuses without the key, with a wrong one, and with two', async () => {
    expect(await call('GET', APPS)).toMatchObject({ status: 401, body: { code: 'MISSING_MASTER_KEY' } });
    for (const wrong of ['wrong', `${MASTER_API_KEY}x`, MASTER_API_KEY.slice(1)]) {
      expect(await call('GET', APPS, wrong)).toMatchObject({
        status: 403,
        body: { code: 'INVALID_MASTER_KEY' },
      });
    }
    expect(await call('GET', APPS, 'x'.repeat(2_000))).toMatchObject({
      body: { code: 'INVALID_HEADER_FORMAT' },
    });
    const status = await new Promise((resolve, reject) => {
      const { hostname, port } = new URL(node.url);
      request({ hostname, port, path: APPS, headers: { 'x-master-api-key': ['a', 'b'] } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });
});

it('wrong master keys are limited', async () => {
  const node = await startOperatorApp('SQLite and files', { environment: { MASTER_API_KEY } });
  const guess = () => node.call('GET', APPS, { headers: { 'x-master-api-key': 'guess' } });
  const answers = await Promise.all(Array.from({ length: 60 }, guess));
  expect(answers.every(({ status }) => status === 403 || status === 429)).toBe(true);
  expect(await guess()).toMatchObject({
    status: 429,
    body: { code: 'RATE_LIMIT_EXCEEDED', retry_after: expect.any(Number) },
  });
  await node.stop();
});

describe.each(stacks)('The first start, on %s', (stack) => {
  const clock = movableClock();
  let node: OperatorApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, { clock });
  });
  afterAll(() => node.stop());
  const call = <T = Record<string, unknown>>(method: string, path: string, token: string, body?: unknown) =>
    node.call<T>(method, path, {
      headers: { 'x-master-api-key': token },
      ...(body === undefined ? {} : { body }),
    });

  it('says that MASTER_API_KEY is not set', async () => {
    expect(await node.call('GET', APPS)).toMatchObject({ status: 500, body: { code: 'MASTER_KEY_NOT_SET' } });
    expect(await call('GET', APPS, 'guess')).toMatchObject({
      status: 500,
      body: { code: 'MASTER_KEY_NOT_SET' },
    });
  });

  it('gives a link that ends after a day', async () => {
    const token = (await node.side.setup.firstStartToken()) ?? '';
    expect((await call('GET', APPS, token)).status).toBe(200);
    clock.advance(24 * 3_600_000 + 1);
    expect((await call('GET', APPS, token)).status).toBe(500);
  });

  it('gives a link that makes app, key and owner once, whoever is quicker', async () => {
    const token = (await node.side.setup.firstStartToken()) ?? '';
    const another = (await node.side.setup.firstStartToken()) ?? '';
    expect(await call('POST', START, token, { email: freshEmail(), password: 'short' })).toMatchObject({
      status: 400,
      body: { code: 'WEAK_PASSWORD' },
    });
    const form = () => ({ app_name: 'First', email: freshEmail(), password: PASSWORD });
    const answers = await Promise.all(
      [token, token, another].map((one) => call<Parameters<typeof memberOf>[0]>('POST', START, one, form())),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const winner = answers.find(({ status }) => status === 201);
    expect(winner?.body).toMatchObject({
      app: { name: 'First', api_key: expect.stringMatching(/^rhq_/) },
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      snippets: expect.arrayContaining([expect.objectContaining({ platform: 'web' })]),
    });
    if (winner)
      expect((await node.call('GET', '/admin/auth/me', { as: memberOf(winner.body) })).status).toBe(200);
    for (const used of [token, another]) {
      expect((await call('POST', START, used, form())).status).toBe(500);
      expect((await call('GET', APPS, used)).status).toBe(500);
    }
    expect(await node.side.setup.firstStartToken()).toBeNull();
  });
});
