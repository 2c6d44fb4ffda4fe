import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freshEmail,
  type Member,
  memberOf,
  type OperatorApp,
  type OwnedApp,
  PASSWORD,
  startOperatorApp,
} from '../../support/operator-app.js';
import { movableClock, stacks } from '../../support/servers.js';

const TEAM = '/admin/settings/team';
const DAY = 86_400_000;

describe.each(stacks)('The team (§19), on %s', (stack) => {
  const clock = movableClock();
  let node: OperatorApp;
  let app: OwnedApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, { clock });
  });
  afterAll(() => node.stop());

  const invite = (as: Member, body: unknown) =>
    node.call<{ invitation: { id: string }; token: string; url: string }>('POST', `${TEAM}/invite`, {
      as,
      body,
    });
  const accept = (token: string, email: string, password = PASSWORD) =>
    node.call<Parameters<typeof memberOf>[0]>('POST', '/admin/auth/accept-invite', {
      body: { token, email, password },
    });
  const change = (as: Member, id: string, body: unknown) => node.call('PATCH', `${TEAM}/${id}`, { as, body });
  const me = (as: Member) => node.call('GET', '/admin/auth/me', { as });

  it('grows by invitation links that are shown once and work once', async () => {
    app = await node.signUp();
    const email = freshEmail();
    const invited = await invite(app.owner, { email: email.toUpperCase(), role: 'ADMIN' });
    expect(invited.status).toBe(201);
    const { invitation, token, url } = invited.body;
    expect(invitation).toEqual({
      id: expect.any(String),
      email,
      role: 'ADMIN',
      expires_at: expect.any(String),
    });
    expect(url).toBe(`${node.url}/admin?invite=${token}`);
    const listed = await node.call('GET', TEAM, { as: app.owner });
    expect(listed.body).toEqual({
      members: [
        {
          id: app.owner.id,
          email: app.owner.email,
          role: 'OWNER',
          is_active: true,
          created_at: expect.any(String),
          last_seen_at: expect.any(String),
        },
      ],
      invitations: [invitation],
    });
    expect(listed.text).not.toContain(token);

    expect(await accept(token, freshEmail())).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INVITATION' },
    });
    expect(await accept(token, email, 'short')).toMatchObject({ body: { code: 'WEAK_PASSWORD' } });
    const both = await Promise.all([accept(token, email), accept(token, email.toUpperCase())]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
    const member = memberOf((both.find(({ status }) => status === 200) ?? both[0]).body);
    expect(member).toMatchObject({ email, role: 'ADMIN', appId: app.appId });
    expect((await me(member)).status).toBe(200);
    expect((await node.call('GET', TEAM, { as: app.owner })).body).toMatchObject({ invitations: [] });
  });

  it('refuses invitations that are past their time, withdrawn, replaced or made up', async () => {
    const email = freshEmail();
    const first = await invite(app.owner, { email });
    const second = await invite(app.owner, { email });
    expect(await accept(first.body.token, email)).toMatchObject({ body: { code: 'INVALID_INVITATION' } });
    const withdrawn = `${TEAM}/invitations/${second.body.invitation.id}`;
    expect(await node.call('DELETE', withdrawn, { as: app.owner })).toMatchObject({
      body: { success: true },
    });
    expect(await node.call('DELETE', withdrawn, { as: app.owner })).toMatchObject({
      status: 404,
      body: { code: 'INVITATION_NOT_FOUND' },
    });
    expect(await accept(second.body.token, email)).toMatchObject({ body: { code: 'INVALID_INVITATION' } });
    expect(await accept('made-up', email)).toMatchObject({ body: { code: 'INVALID_INVITATION' } });
    expect(await accept('', email)).toMatchObject({ body: { code: 'MISSING_FIELDS' } });
    const third = await invite(app.owner, { email });
    clock.advance(7 * DAY + 1);
    expect(await accept(third.body.token, email)).toMatchObject({ body: { code: 'INVALID_INVITATION' } });
    app = await node.signUp();
  });

  it('does not invite whoever has an account', async () => {
    const other = await node.signUp();
    expect(await invite(app.owner, { email: other.owner.email })).toMatchObject({
      status: 409,
      body: { code: 'USER_EXISTS' },
    });
  });

  it('loses the rights of a role at once', async () => {
    const admin = await node.join(app.owner, 'ADMIN');
    expect((await node.call('GET', TEAM, { as: admin })).status).toBe(200);
    expect(await change(app.owner, admin.id, { role: 'AGENT' })).toMatchObject({
      status: 200,
      body: { member: { id: admin.id, role: 'AGENT' } },
    });
    expect(await node.call('GET', TEAM, { as: admin })).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', missing_permissions: ['view:settings'] },
    });
    expect(node.told).toContainEqual({ type: 'operator-changed', appId: app.appId, operatorId: admin.id });
  });

  it('shuts members out at once, and lets them in again', async () => {
    const agent = await node.join(app.owner, 'AGENT');
    await me(agent);
    await change(app.owner, agent.id, { is_active: false });
    expect(await me(agent)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_DISABLED' } });
    const refresh = () =>
      node.call('POST', '/admin/auth/refresh', { body: { refresh_token: agent.refreshToken } });
    expect(await refresh()).toMatchObject({ status: 403, body: { code: 'ACCOUNT_DISABLED' } });
    const login = (password: string) =>
      node.call('POST', '/admin/auth/login', { body: { email: agent.email, password } });
    expect(await login(PASSWORD)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_DISABLED' } });
    expect(await login('wrong')).toMatchObject({ status: 401 });
    await change(app.owner, agent.id, { is_active: true });
    expect((await login(PASSWORD)).status).toBe(200);
    expect((await refresh()).status).toBe(200);
  });

  it('removes members at once, and takes their conversations back', async () => {
    const agent = await node.join(app.owner, 'AGENT');
    const { conversationId } = await node.converse(app);
    const path = `/admin/api/conversations/${conversationId}`;
    await node.call('PATCH', path, { as: app.owner, body: { assignee_id: agent.id } });
    await me(agent);
    expect(await node.call('DELETE', `${TEAM}/${agent.id}`, { as: app.owner })).toMatchObject({
      body: { success: true },
    });
    expect(await me(agent)).toMatchObject({ status: 401, body: { code: 'INVALID_TOKEN' } });
    expect(
      await node.call('POST', '/admin/auth/refresh', { body: { refresh_token: agent.refreshToken } }),
    ).toMatchObject({ status: 401, body: { code: 'INVALID_REFRESH_TOKEN' } });
    expect((await node.call('GET', path, { as: app.owner })).body).toMatchObject({ assignee_id: null });
  });

  it('keeps its last owner, whoever asks and however many at once', async () => {
    const { owner } = await node.signUp();
    const refused = { status: 409, body: { code: 'LAST_OWNER' } };
    expect(await node.call('DELETE', `${TEAM}/${owner.id}`, { as: owner })).toMatchObject(refused);
    expect(await change(owner, owner.id, { role: 'ADMIN' })).toMatchObject(refused);
    expect(await change(owner, owner.id, { is_active: false })).toMatchObject(refused);
    const second = await node.join(owner, 'OWNER');
    const demotions = await Promise.all([
      change(owner, second.id, { role: 'AGENT' }),
      change(second, owner.id, { role: 'AGENT' }),
    ]);
    expect(demotions.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    const { operators } = (
      await node.call<{ operators: { role: string }[] }>('GET', '/admin/api/operators', { as: owner })
    ).body;
    expect(operators.filter(({ role }) => role === 'OWNER').length).toBeGreaterThan(0);
  });

  it('lets nobody give, change or take more rights than they have', async () => {
    const admin = await node.join(app.owner, 'ADMIN');
    const refused = { status: 403, body: { code: 'FORBIDDEN', required_roles: ['OWNER'] } };
    expect(await invite(admin, { email: freshEmail(), role: 'OWNER' })).toMatchObject(refused);
    expect(await change(admin, admin.id, { role: 'OWNER' })).toMatchObject(refused);
    expect(await change(admin, app.owner.id, { role: 'AGENT' })).toMatchObject(refused);
    expect(await node.call('DELETE', `${TEAM}/${app.owner.id}`, { as: admin })).toMatchObject(refused);
  });

  it('refuses roles that do not exist', async () => {
    expect(await invite(app.owner, { email: freshEmail(), role: 'ROOT' })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR' },
    });
    expect(await change(app.owner, app.owner.id, { role: 'owner' })).toMatchObject({ status: 400 });
  });
});
