import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutAppId } from '../../../src/platform/http/shared-paths.js';
import { type Ground, layGround, startServer, type TestServer } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';

describe('the server around its apps', () => {
  let ground: Ground;
  let server: TestServer;
  beforeAll(async () => {
    ground = await layGround('SQLite and files');
    server = await startServer(ground);
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
  });

  it('describes in OpenAPI exactly the routes that it serves', async () => {
    const { json } = await call(`${server.url}/docs/json`);
    const described = Object.entries<Record<string, unknown>>(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const { http } = server.built;
    for (const route of described) {
      const [method = '', path = ''] = route.split(' ');
      const asked = {
        method: method as 'GET',
        url: path.replaceAll(/\{(\w+)\}/g, ':$1').replace('{*}', '*'),
      };
      const isServed = http.hasRoute(asked) || http.hasRoute({ ...asked, ...withoutAppId });
      expect(isServed, route).toBe(true);
    }
    for (const route of [
      'POST /auth/verify',
      'POST /auth/refresh',
      'POST /tts/generate',
      'GET /tts/status/{contentHash}',
      'GET /tts/{contentHash}/status',
      'GET /tts/files',
      'GET /tts/files/since/{timestamp}',
      'DELETE /tts/delete/{fileId}',
      'DELETE /tts/{fileId}',
      'GET /files/{fileId}',
      'POST /playback/sync',
      'GET /playback/states',
      'GET /playback/state/{documentId}',
      'DELETE /playback/state/{documentId}',
      'GET /playback/deleted-files',
      'GET /user/usage',
      'GET /health',
      'GET /health/ready',
      'GET /metrics',
      'GET /api/server',
      'GET /api/account',
      'GET /api/account/usage',
      'GET /api/account/keys',
      'GET /api/account/identities',
      'POST /api/account/identities',
      'DELETE /api/account/identities/{id}',
      'GET /api/operator/jobs',
      'POST /api/operator/jobs/{id}/retry',
      'GET /api/operator/storage',
      'GET /api/operator/errors',
    ]) {
      expect(described).toContain(route);
    }
  });

  it('shows the API page without a script or style from elsewhere', async () => {
    const page = await call(`${server.url}/docs/`);
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe-inline.*script|https:/);
  });

  it('says what it is, and hides what is secret', async () => {
    const { json, text } = await call(`${server.url}/api/server`);
    expect(json).toMatchObject({
      name: 'Earshot',
      nodes: 'one',
      listensOnLoopbackOnly: true,
      retentionHours: 168,
    });
    expect(json.apps).toHaveLength(5);
    expect(text).not.toContain(ground.dataDirectory);
  });

  it('answers health at once and readiness by asking its parts', async () => {
    expect((await call(`${server.url}/health`)).json).toMatchObject({ status: 'ok', version: '1.0.0' });
    expect((await call(`${server.url}/health/ready`)).json).toMatchObject({
      status: 'ok',
      checks: { database: { ok: true }, media: { ok: true }, events: { ok: true } },
    });
  });

  it('counts requests by route pattern', async () => {
    await call(`${server.url}/files/some-id`);
    const { text } = await call(`${server.url}/metrics`);
    expect(text).toMatch(
      /http_request_duration_seconds_count\{[^}]*route="\/files\/:fileId"[^}]*status="401"/,
    );
    expect(text).not.toContain('some-id');
  });

  it('gives every answer a request id', async () => {
    const first = await call(`${server.url}/health`);
    const second = await call(`${server.url}/nope`);
    expect(first.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });
});

describe('a server that serves some apps only', () => {
  it('refuses names that it does not know', async () => {
    const ground = await layGround('SQLite and files');
    await expect(startServer(ground, { APPS: 'speech,nonsense' })).rejects.toThrow('nonsense');
    await ground.remove();
  });
});
