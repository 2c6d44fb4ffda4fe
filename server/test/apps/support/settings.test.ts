import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SupportTables } from '../../../src/apps/support/tables.js';
import { withTables } from '../../../src/platform/database/database.js';
import { type OperatorApp, type OwnedApp, startOperatorApp } from '../../support/operator-app.js';
import { eventually, movableClock, stacks } from '../../support/servers.js';

const KEYS = '/admin/settings/api-keys';
const REPLIES = '/admin/settings/canned-replies';

describe.each(stacks)('Settings (§19), on %s', (stack) => {
  const clock = movableClock();
  let node: OperatorApp;
  let app: OwnedApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, { clock });
  });
  afterAll(() => node.stop());

  interface Key {
    readonly id: string;
    readonly api_key: string;
    readonly expires_at: string | null;
    readonly previous_valid_until: string | null;
  }
  const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
    node.call<T>(method, path, { as: app.owner, ...(body === undefined ? {} : { body }) });
  const create = (body: unknown) => call<Key>('POST', KEYS, body);
  const works = async (apiKey: string) => {
    const headers = { 'x-app-id': app.appId, 'x-api-key': apiKey, 'x-device-id': 'device' };
    return (await node.call('POST', '/v1/conversations', { headers, body: {} })).status;
  };
  const ended = (keyId: string) =>
    node.told.some((event) => event.type === 'key-ended' && event.keyId === keyId);

  describe('API keys', () => {
    it('D19: are kept as hashes and shown once', async () => {
      app = await node.signUp();
      const created = await create({ name: 'Android', expires_at: null });
      expect(created.status).toBe(201);
      expect(created.body).toEqual({
        id: expect.any(String),
        name: 'Android',
        prefix: created.body.api_key.slice(0, 12),
        created_at: expect.any(String),
        expires_at: null,
        last_used_at: null,
        revoked_at: null,
        api_key: expect.stringMatching(/^rhq_/),
      });
      expect(await works(created.body.api_key)).toBe(200);
      const listed = await call('GET', KEYS);
      expect(listed.text).not.toContain(created.body.api_key);
      expect(listed.text).not.toContain(app.apiKey);
      expect(listed.body.api_keys).toHaveLength(2);
      const rows = await withTables<SupportTables>(node.platform.database.read)
        .selectFrom('support_api_keys')
        .selectAll()
        .execute();
      expect(JSON.stringify(rows)).not.toContain(created.body.api_key);
      for (const path of ['/admin/docs/quickstart/android', '/admin/settings/app', '/admin/auth/me']) {
        expect((await call('GET', path)).text).not.toContain(app.apiKey);
      }
    });

    it('need a name and an end in the future, if any', async () => {
      expect(await create({})).toMatchObject({ status: 400, body: { code: 'MISSING_NAME' } });
      expect(await create({ name: '  ' })).toMatchObject({ status: 400, body: { code: 'MISSING_NAME' } });
      const past = new Date(clock.now() - 1_000).toISOString();
      for (const expiresAt of [past, 'tomorrow', 5]) {
        expect(await create({ name: 'x', expires_at: expiresAt })).toMatchObject({
          status: 400,
          body: { code: 'VALIDATION_ERROR' },
        });
      }
    });

    it('Key rotation and expiry: a key with an end works until then', async () => {
      app = await node.signUp();
      const expiresAt = new Date(clock.now() + 3_600_000).toISOString();
      const { body } = await create({ name: 'Short', expires_at: expiresAt });
      expect(body.expires_at).toBe(expiresAt);
      expect(await works(body.api_key)).toBe(200);
      clock.advance(3_600_001);
      app = { ...app, owner: (await node.signUp()).owner };
      expect(await works(body.api_key)).toBe(403);
    });

    it('D20: work on for the grace after a rotation, and then no more', async () => {
      app = await node.signUp();
      const [first] = (await call<{ api_keys: Key[] }>('GET', KEYS)).body.api_keys;
      const rotated = await call<Key>('POST', `${KEYS}/${first?.id}/regenerate`, { grace_seconds: 600 });
      expect(rotated.body).toEqual({
        id: expect.any(String),
        api_key: expect.any(String),
        previous_valid_until: new Date(clock.now() + 600_000).toISOString(),
      });
      expect([await works(app.apiKey), await works(rotated.body.api_key)]).toEqual([200, 200]);
      clock.advance(600_001);
      expect([await works(app.apiKey), await works(rotated.body.api_key)]).toEqual([403, 200]);
    });

    it("have the app's own grace when none is said", async () => {
      app = await node.signUp();
      await call('PUT', '/admin/settings/app', { grace_seconds: 120 });
      const [first] = (await call<{ api_keys: Key[] }>('GET', KEYS)).body.api_keys;
      const rotated = await call<Key>('POST', `${KEYS}/${first?.id}/regenerate`);
      expect(rotated.body.previous_valid_until).toBe(new Date(clock.now() + 120_000).toISOString());
    });

    it('D20: end at once when they are revoked or rotated without grace, and sockets are told', async () => {
      app = await node.signUp();
      const { body: second } = await create({ name: 'Second' });
      expect(await works(second.api_key)).toBe(200);
      expect(await call('DELETE', `${KEYS}/${second.id}`)).toMatchObject({
        status: 200,
        body: { success: true },
      });
      expect(await works(second.api_key)).toBe(403);
      expect(ended(second.id)).toBe(true);
      expect((await call('DELETE', `${KEYS}/${second.id}`)).status).toBe(200);
      expect(await call('POST', `${KEYS}/${second.id}/regenerate`, {})).toMatchObject({
        status: 409,
        body: { code: 'API_KEY_ENDED' },
      });
      const { body: third } = await create({ name: 'Third' });
      await call('POST', `${KEYS}/${third.id}/regenerate`, { grace_seconds: 0 });
      expect(await works(third.api_key)).toBe(403);
      expect(ended(third.id)).toBe(true);
      expect(await works(app.apiKey)).toBe(200);
    });

    it('are unknown when they are unknown', async () => {
      for (const [method, path] of [
        ['DELETE', `${KEYS}/unknown`],
        ['POST', `${KEYS}/unknown/regenerate`],
      ] as const) {
        expect(await call(method, path, method === 'POST' ? {} : undefined)).toMatchObject({
          status: 404,
          body: { code: 'API_KEY_NOT_FOUND' },
        });
      }
    });
  });

  describe('of the app', () => {
    it('are read and changed member by member', async () => {
      app = await node.signUp();
      const before = await call('GET', '/admin/settings/app');
      expect(before.body).toEqual({
        name: 'Test app',
        message_retention_days: null,
        event_retention_days: 365,
        push_enabled: true,
        push_quiet_hours: false,
        grace_seconds: 86_400,
        legal_hold: false,
      });
      const changed = await call('PUT', '/admin/settings/app', {
        name: 'Shop',
        message_retention_days: 30,
        push_enabled: false,
      });
      expect(changed.body).toEqual({
        ...before.body,
        name: 'Shop',
        message_retention_days: 30,
        push_enabled: false,
      });
      await call('PUT', '/admin/settings/app', { message_retention_days: null, push_enabled: null });
      expect((await call('GET', '/admin/settings/app')).body).toMatchObject({
        message_retention_days: null,
        push_enabled: false,
      });
    });

    it('refuse what makes no sense', async () => {
      for (const body of [
        { name: '' },
        { message_retention_days: 0 },
        { grace_seconds: -1 },
        { push_enabled: 'no' },
      ]) {
        expect(await call('PUT', '/admin/settings/app', body)).toMatchObject({
          status: 400,
          body: { code: 'VALIDATION_ERROR', error: 'Invalid request body' },
        });
      }
    });
  });

  describe('prepared answers', () => {
    it('are made, changed and forgotten; agents may use them', async () => {
      app = await node.signUp();
      const made = await call<{ canned_reply: { id: string } }>('POST', REPLIES, {
        shortcut: 'hi',
        body: 'Hello <b>& welcome</b>',
      });
      expect(made.status).toBe(201);
      const { id } = made.body.canned_reply;
      expect(await call('POST', REPLIES, { shortcut: 'hi', body: 'Again' })).toMatchObject({
        status: 409,
        body: { code: 'SHORTCUT_TAKEN' },
      });
      expect(await call('PUT', `${REPLIES}/${id}`, { shortcut: 'hello' })).toMatchObject({
        body: { canned_reply: { id, shortcut: 'hello', body: 'Hello <b>& welcome</b>' } },
      });
      const agent = await node.join(app.owner, 'AGENT');
      expect((await node.call('GET', REPLIES, { as: agent })).body).toMatchObject({
        canned_replies: [{ id, shortcut: 'hello' }],
      });
      expect(await call('DELETE', `${REPLIES}/${id}`)).toMatchObject({ body: { success: true } });
      expect(await call('DELETE', `${REPLIES}/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'CANNED_REPLY_NOT_FOUND' },
      });
    });
  });
});

describe.each(stacks)('Keys whose time is over, on %s', (stack) => {
  it('Key rotation and expiry: sockets are told when the time comes', async () => {
    const node = await startOperatorApp(stack);
    const { owner } = await node.signUp();
    const made = await node.call<{ id: string }>('POST', KEYS, {
      as: owner,
      body: { name: 'Soon over', expires_at: new Date(Date.now() + 300).toISOString() },
    });
    const told = await eventually(
      async () => node.told.filter((event) => event.type === 'key-ended'),
      (events) => events.length > 0,
      10_000,
    );
    expect(told).toEqual([{ type: 'key-ended', appId: owner.appId, keyId: made.body.id }]);
    await node.stop();
  });
});
