import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MadeApp } from '../../../support/support-app.js';
import { sdkDevice } from '../../../support/support-client.js';
import {
  deviceSocket,
  librarySocket,
  operatorSocket,
  rawSocket,
  type SocketNode,
  startSocketNode,
} from '../../../support/support-sockets.js';

describe('who may use sockets', () => {
  let node: SocketNode;
  let app: MadeApp;
  beforeAll(async () => {
    node = await startSocketNode('SQLite and files', { operatorOrigins: ['https://desk.example'] });
    app = await node.app.createApp();
  });
  afterAll(() => node.stop());
  const adminRefusal = (auth: object, origin?: string) =>
    librarySocket(node.app.url, '/admin', { ...auth }, origin ? { origin } : {}).refusal();

  it("Admin auth separate from client keys: the app's key is no operator", async () => {
    expect(await adminRefusal({ app_id: app.appId, admin_token: app.apiKey })).toBe('INVALID_CREDENTIALS');
    expect(await adminRefusal({ app_id: app.appId, api_key: app.apiKey })).toBe('MISSING_PARAMS');
    expect(await adminRefusal({ app_id: app.appId, admin_token: 'a.b.c' })).toBe('INVALID_CREDENTIALS');
    const other = await node.app.createApp();
    const { token } = node.operators.admit(other.appId);
    expect(await adminRefusal({ app_id: app.appId, admin_token: token })).toBe('INVALID_CREDENTIALS');
    expect(await adminRefusal({ admin_token: token })).toBe('MISSING_PARAMS');
    const deviceWithToken = librarySocket(node.app.url, '/client', {
      app_id: other.appId,
      device_id: randomUUID(),
      api_key: token,
    });
    expect(await deviceWithToken.refusal()).toBe('INVALID_CREDENTIALS');
  });

  it('an expired token is refused with a word that makes pages refresh it', async () => {
    const { token } = node.operators.admit(app.appId, { lastsMs: -1 });
    const text = await adminRefusal({ app_id: app.appId, admin_token: token });
    expect(text).toContain('INVALID_CREDENTIALS');
    expect(text).toContain('unauthorized');
  });

  it('CORS and admin routes locked: pages of foreign origins are no operators, and may be visitors', async () => {
    const { token } = node.operators.admit(app.appId);
    const auth = { app_id: app.appId, admin_token: token };
    expect(await adminRefusal(auth, 'https://evil.example')).toBe('AUTH_ERROR');
    for (const origin of ['https://desk.example', node.app.url]) {
      const desk = librarySocket(node.app.url, '/admin', auth, { origin });
      await desk.next('connected');
      desk.socket.disconnect();
    }
    const visitor = librarySocket(
      node.app.url,
      '/client',
      { app_id: app.appId, device_id: randomUUID(), api_key: app.apiKey },
      { origin: 'https://shop.example' },
    );
    await visitor.next('connected');
    visitor.socket.disconnect();
  });

  it('D27: a socket ends with its token unless it is renewed', async () => {
    const { token, operatorId } = node.operators.admit(app.appId, { lastsMs: 500 });
    const [ending, renewed] = [
      operatorSocket(node, app.appId, token),
      operatorSocket(node, app.appId, token),
    ];
    const ended = new Promise((resolve) => ending.socket.once('disconnect', resolve));
    await Promise.all([ending.next('connected'), renewed.next('connected')]);
    const stranger = node.operators.admit(app.appId);
    expect(await renewed.ask('auth:renew', { admin_token: stranger.token })).toEqual({
      success: false,
      error: 'INVALID_CREDENTIALS',
    });
    const next = node.operators.admit(app.appId, { operatorId });
    expect(await renewed.ask('auth:renew', { admin_token: next.token })).toMatchObject({ success: true });
    expect(await ending.next('error')).toMatchObject({ code: 'TOKEN_EXPIRED' });
    // Not "io server disconnect": after that a page would not come back by itself.
    expect(await ended).toBe('transport close');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(renewed.socket.connected).toBe(true);
    renewed.socket.disconnect();
  });

  it('Key rotation and expiry: sockets of a key that ended are dropped within a second, others stay', async () => {
    const second = await node.app.addKey(app.appId);
    const [ended, stays] = [
      deviceSocket(node, { ...app, ...second }, randomUUID()),
      deviceSocket(node, app, randomUUID()),
    ];
    await Promise.all([ended.next('connected'), stays.next('connected')]);
    const dropped = new Promise((resolve) => ended.socket.once('disconnect', resolve));
    const at = Date.now();
    await node.app.fanOut.tell({ type: 'key-ended', appId: app.appId, keyId: second.keyId });
    expect(await dropped).toBe('transport close');
    expect(Date.now() - at).toBeLessThan(1_000);
    expect(ended.of('error')).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect(stays.socket.connected).toBe(true);
    stays.socket.disconnect();
  });

  it('an operator who was changed is dropped, and a handshake that was under way with them too', async () => {
    const { token, operatorId } = node.operators.admit(app.appId);
    const desk = operatorSocket(node, app.appId, token);
    await desk.next('connected');
    const dropped = new Promise((resolve) => desk.socket.once('disconnect', resolve));
    const late = await rawSocket(node.app.url, '/v1/socket.io/?EIO=4&transport=websocket');
    const verify = vi.spyOn(node.operators, 'verifyAccessToken').mockImplementationOnce(async () => {
      const caller = await node.operators.verifyAccessToken(token);
      await node.app.fanOut.tell({ type: 'operator-changed', appId: app.appId, operatorId });
      return caller;
    });
    late.send(`40/admin,{"app_id":"${app.appId}","admin_token":"${token}"}`);
    await Promise.all([dropped, late.closed]);
    expect(late.frames.join()).not.toContain('"connected"');
    verify.mockRestore();
  });

  it('D28: neither keys nor tokens nor texts are logged', async () => {
    const device = sdkDevice(node.app.url, app);
    const conversationId = await device.open();
    const socket = deviceSocket(node, app, device.deviceId);
    await socket.next('conversation:joined');
    const { token } = node.operators.admit(app.appId);
    const desk = operatorSocket(node, app.appId, token);
    await desk.ask('message:send', { conversation_id: conversationId, body: 'a private text' });
    await socket.next('message:new');
    socket.socket.disconnect();
    desk.socket.disconnect();
    await vi.waitFor(() => expect(node.realtime.counts()).toMatchObject({ client: 0, admin: 0 }));
    const log = node.app.logged.join('');
    expect(log).toContain('a socket connected');
    expect(log).toContain(device.deviceId);
    for (const secret of [app.apiKey, token, 'a private text']) expect(log).not.toContain(secret);
  });
});
