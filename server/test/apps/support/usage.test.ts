import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperatorApp, startOperatorApp } from '../../support/operator-app.js';
import { movableClock, stacks } from '../../support/servers.js';

const PATH = '/admin/settings/usage';

describe.each(stacks)('usage figures (contract §11.11) on %s', (stack) => {
  const clock = movableClock(Date.UTC(2026, 10, 30, 23, 59, 59));
  let node: OperatorApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, { clock });
  });
  afterAll(() => node.stop());

  it('count messages, conversations, devices, events and bytes of one month and of one app', async () => {
    const app = await node.signUp();
    await node.converse(await node.signUp(), { body: 'of another app' });
    const { conversationId, deviceId } = await node.converse(app, { body: 'schön' });
    const headers = { 'x-app-id': app.appId, 'x-api-key': app.apiKey, 'x-device-id': deviceId };
    await node.call('POST', '/v1/events/track', {
      headers,
      body: { user_id: 'ann', event_name: 'seen', properties: {} },
    });
    expect((await node.call('GET', PATH, { as: app.owner })).body).toEqual({
      month: '2026-11',
      messages: 1,
      conversations: 1,
      devices: 1,
      events: 1,
      storage_bytes: 6 + 2,
    });
    clock.advance(2_000);
    await node.call('POST', `/v1/conversations/${conversationId}/messages`, {
      headers,
      body: { local_id: randomUUID(), body: 'four' },
    });
    const session = await node.call<{ access_token: string }>('POST', '/admin/auth/login', {
      body: { email: app.owner.email, password: 'correct horse battery' },
    });
    const as = session.body.access_token;
    expect((await node.call('GET', PATH, { as })).body).toMatchObject({
      month: '2026-12',
      messages: 1,
      conversations: 0,
      storage_bytes: 4,
    });
    expect((await node.call('GET', `${PATH}?month=2026-11`, { as })).body).toMatchObject({ messages: 1 });
    expect((await node.call('GET', `${PATH}?month=2020-01`, { as })).body).toMatchObject({ devices: 0 });
    expect((await node.call('GET', `${PATH}?month=2026-13`, { as })).status).toBe(400);
  });
});
