import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayDo, type Permission } from '../../../src/apps/support/operators/permissions.js';
import {
  type Member,
  type OperatorApp,
  type OwnedApp,
  startOperatorApp,
} from '../../support/operator-app.js';
import { stacks } from '../../support/servers.js';

/** Contract §10.2 and §11, written down once more, so that a wrong permission in a route is seen. */
const EXPECTED: Readonly<Record<string, string>> = {
  'GET /admin/auth/me': '',
  'POST /admin/auth/password': '',
  'GET /admin/settings/team': 'view:settings',
  'GET /admin/api/operators': 'view:conversations',
  'POST /admin/settings/team/invite': 'manage:settings',
  'DELETE /admin/settings/team/invitations/:id': 'manage:settings',
  'PATCH /admin/settings/team/:id': 'manage:settings',
  'DELETE /admin/settings/team/:id': 'manage:settings',
  'GET /admin/settings/api-keys': 'view:settings',
  'POST /admin/settings/api-keys': 'manage:settings',
  'POST /admin/settings/api-keys/:id/regenerate': 'manage:settings',
  'DELETE /admin/settings/api-keys/:id': 'manage:settings',
  'GET /admin/settings/app': 'view:settings',
  'PUT /admin/settings/app': 'manage:settings',
  'GET /admin/settings/usage': 'view:settings',
  'GET /admin/settings/canned-replies': 'view:conversations',
  'POST /admin/settings/canned-replies': 'manage:settings',
  'PUT /admin/settings/canned-replies/:id': 'manage:settings',
  'DELETE /admin/settings/canned-replies/:id': 'manage:settings',
  'GET /admin/api/conversations': 'view:conversations',
  'GET /admin/api/conversations/:id': 'view:conversations',
  'POST /admin/api/conversations': 'manage:conversations',
  'PATCH /admin/api/conversations/:id': 'manage:conversations',
  'GET /admin/api/conversations/:id/messages': 'view:conversations',
  'POST /admin/api/conversations/:id/messages': 'send:messages',
  'POST /admin/api/conversations/:id/read': 'view:conversations',
  'GET /admin/api/users': 'view:users',
  'GET /admin/api/users/:userKey': 'view:users',
  'GET /admin/api/dashboard/stats': 'view:conversations',
  'POST /admin/onboarding/platform': 'manage:settings',
  'GET /admin/onboarding/checklist': 'view:settings',
  'POST /admin/onboarding/mark-complete/:taskId': 'manage:settings',
  'GET /admin/onboarding/status': 'view:settings',
  'POST /admin/onboarding/api-key/rotate': 'manage:settings',
  'GET /admin/docs/quickstart/:platform': 'view:settings',
  'POST /admin/analytics/track': 'view:analytics',
  'GET /admin/analytics/events/counts': 'view:analytics',
  'GET /admin/analytics/events/top': 'view:analytics',
  'GET /admin/analytics/events/timeline': 'view:analytics',
  'GET /admin/analytics/users/:userId/events': 'view:analytics',
  'GET /admin/analytics/overview': 'view:analytics',
  'GET /admin/analytics/messages/timeline': 'view:analytics',
  'GET /admin/analytics/response-times': 'view:analytics',
  'POST /admin/analytics/segments/evaluate': 'view:analytics',
  'POST /admin/analytics/segments/preview': 'view:analytics',
  'POST /admin/analytics/segments/export': 'view:analytics',
};

/** Routes by which people become operators; everything else under /admin is for operators only. */
const OPEN = new Set(
  ['signup', 'login', 'refresh', 'logout', 'accept-invite'].map((name) => `POST /admin/auth/${name}`),
);

describe.each(stacks)('Who may do what, on %s', (stack) => {
  let node: OperatorApp;
  let app: OwnedApp;
  let members: readonly Member[];
  beforeAll(async () => {
    node = await startOperatorApp(stack, { environment: { ALLOW_PRIVATE_WEBHOOKS: 'true' } });
    app = await node.signUp();
    members = [app.owner, await node.join(app.owner, 'ADMIN'), await node.join(app.owner, 'AGENT')];
  });
  afterAll(() => node.stop());

  const adminRoutes = () =>
    node.routes().filter(({ url, method }) => url.startsWith('/admin/') && method !== 'HEAD');
  const guarded = () =>
    adminRoutes().flatMap(({ method, url, permissions }) =>
      permissions ? [{ method, url, permissions }] : [],
    );
  const bodyFor = (method: string) => (method === 'GET' || method === 'DELETE' ? {} : { body: {} });

  it('RBAC: every route under /admin has the permission of the contract, or makes operators of people', () => {
    const found = new Map(
      adminRoutes().map(({ method, url, permissions }) => [`${method} ${url}`, permissions?.join(' ')]),
    );
    for (const [route, permissions] of found) {
      if (OPEN.has(route)) expect(permissions, route).toBeUndefined();
      else expect(permissions, route).toBeDefined();
    }
    for (const [route, permission] of Object.entries(EXPECTED))
      expect(found.get(route), route).toBe(permission);
    const others = [...found].filter(([route]) => !OPEN.has(route) && EXPECTED[route] === undefined);
    for (const [route, permission] of others) {
      expect(route).toContain('/admin/webhooks');
      expect(permission).toBe(route.startsWith('GET') ? 'view:webhooks' : 'manage:webhooks');
    }
  });

  it('RBAC: each role on each endpoint', async () => {
    expect(guarded().length).toBeGreaterThan(40);
    for (const { method, url, permissions } of guarded()) {
      const path = url.replace(/:\w+/g, 'unknown');
      for (const member of members) {
        const place = `${member.role} ${method} ${url}`;
        const { status, body } = await node.call(method, path, { as: member, ...bodyFor(method) });
        const missing = permissions.filter((one) => !mayDo(member.role, one as Permission));
        if (missing.length > 0) {
          expect({ status, ...body }, place).toMatchObject({
            status: 403,
            code: 'FORBIDDEN',
            missing_permissions: missing,
          });
        } else {
          expect([401, 403, 500], place).not.toContain(status);
        }
      }
    }
  });

  it('Admin auth separate from client keys: nobody gets in without a token, nor with an API key', async () => {
    for (const { method, url } of guarded()) {
      const path = url.replace(/:\w+/g, 'unknown');
      const asDevice = { 'x-app-id': app.appId, 'x-device-id': 'device', 'x-api-key': app.apiKey };
      const without = await node.call(method, path, { headers: asDevice, ...bodyFor(method) });
      expect(without, `${method} ${url}`).toMatchObject({
        status: 401,
        body: { code: 'MISSING_AUTH_HEADER' },
      });
      const withKey = await node.call(method, path, { as: app.apiKey, ...bodyFor(method) });
      expect(withKey, `${method} ${url}`).toMatchObject({ status: 401, body: { code: 'INVALID_TOKEN' } });
    }
  });

  it("another app's operator finds none of this app's things by any id", async () => {
    const stranger = (await node.signUp()).owner;
    const { conversationId, deviceId } = await node.converse(app, { userId: 'victim' });
    const made = async <T>(path: string, body: unknown) =>
      (await node.call<T>('POST', path, { as: app.owner, body })).body;
    const key = await made<{ id: string }>('/admin/settings/api-keys', { name: 'Mine' });
    const { canned_reply: reply } = await made<{ canned_reply: { id: string } }>(
      '/admin/settings/canned-replies',
      { shortcut: 'mine', body: 'Mine' },
    );
    const { invitation } = await made<{ invitation: { id: string } }>('/admin/settings/team/invite', {
      email: 'invited@example.com',
    });
    const webhook = await made<{ id: string }>('/admin/webhooks', {
      url: 'http://127.0.0.1:9/',
      events: ['message.created'],
    });
    const ids: readonly (readonly [prefix: string, id: string])[] = [
      ['/admin/settings/team/invitations/', invitation.id],
      ['/admin/settings/team/', app.owner.id],
      ['/admin/settings/api-keys/', key.id],
      ['/admin/settings/canned-replies/', reply.id],
      ['/admin/api/conversations/', conversationId],
      ['/admin/webhooks/', webhook.id],
    ];
    const bodies: Readonly<Record<string, unknown>> = {
      '/admin/api/conversations/:id/messages': { body: 'Injected' },
      '/admin/api/conversations/:id': { status: 'resolved' },
      '/admin/settings/team/:id': { role: 'AGENT' },
      '/admin/settings/canned-replies/:id': { body: 'Injected' },
    };
    let tried = 0;
    for (const { method, url } of guarded()) {
      const [, id] = ids.find(([prefix]) => url.startsWith(prefix) && url.includes(':')) ?? [];
      if (!id) continue;
      tried += 1;
      const path = url.replace(/:\w+/, id).replace(/:\w+/, id);
      const options = method === 'GET' || method === 'DELETE' ? {} : { body: bodies[url] ?? {} };
      const answer = await node.call(method, path, { as: stranger, ...options });
      expect([403, 404], `${method} ${url}: ${answer.text}`).toContain(answer.status);
    }
    expect(tried).toBeGreaterThan(12);

    for (const userKey of ['user:victim', `device:${deviceId}`]) {
      const answer = await node.call('GET', `/admin/api/users/${userKey}`, { as: stranger });
      expect(answer).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
    }
    for (const { url } of guarded().filter(({ method, url }) => method === 'GET' && !url.includes(':'))) {
      const { text } = await node.call('GET', url, { as: stranger });
      for (const secret of [
        conversationId,
        deviceId,
        key.id,
        reply.id,
        invitation.id,
        webhook.id,
        app.owner.id,
      ]) {
        expect(text, url).not.toContain(secret);
      }
    }
    const untouched = await node.call('GET', `/admin/api/conversations/${conversationId}`, { as: app.owner });
    expect(untouched.body).toMatchObject({ status: 'open', last_message: 'Hello' });
  });
});
