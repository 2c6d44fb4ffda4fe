import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import fastJsonStringify from 'fast-json-stringify';
import type { RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ground, layGround, startServer, type TestServer } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';

const webFolder = fileURLToPath(new URL('../../../../web/dist', import.meta.url));

describe('the server around its apps', () => {
  let ground: Ground;
  let server: TestServer;
  const served: RouteOptions[] = [];
  beforeAll(async () => {
    ground = await layGround('SQLite and files');
    server = await startServer(ground, {}, { onRoute: (route) => void served.push(route) });
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
    const api = served
      .filter(({ schema }) => schema?.hide !== true)
      .flatMap(({ method, url }) => [method].flat().map((one) => ({ method: one, url })))
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, '{*}')}`);
    // Fastify answers HEAD wherever there is a GET; only those of our own making are described.
    const asks = (route: string) => !route.startsWith('HEAD ');
    expect([...new Set(api)].filter(asks).sort()).toEqual(described.filter(asks).sort());
    expect(described.length).toBeGreaterThan(400);
  });

  it('leaves out of OpenAPI only preflights, pages, their files, and the description itself', () => {
    const pages = ['/', '/speech', '/stories', '/companion', '/voice', '/support/demo', '/setup', '/admin'];
    const files = readdirSync(webFolder, { recursive: true, encoding: 'utf8' }).map((file) => `/${file}`);
    const known = new Set([...pages, ...files]);
    const hidden = served
      .filter(({ schema, method }) => schema?.hide && method !== 'OPTIONS')
      .map(({ url }) => url);
    expect(hidden.filter((url) => !known.has(url) && !url.startsWith('/docs'))).toEqual([]);
  });

  it('has schemas that can be compiled, which it does not find out at its start', () => {
    const ajv = new Ajv.default({ strict: false });
    addFormats.default(ajv);
    const checks = served.flatMap(({ schema = {} }) => [
      schema.body,
      schema.querystring,
      schema.params,
      schema.headers,
    ]);
    for (const schema of checks) if (schema) expect(() => ajv.compile(schema)).not.toThrow();
    const answers = served.flatMap(({ schema }) => Object.values(schema?.response ?? {}));
    for (const schema of answers) expect(() => fastJsonStringify(schema)).not.toThrow();
    expect(answers.length).toBeGreaterThan(300);
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
