import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ground, layGround, startServer, type TestServer } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';

const preflight = {
  'access-control-request-method': 'DELETE',
  'access-control-request-headers': 'authorization,content-type',
};

describe('pages of other origins', () => {
  let ground: Ground;
  let development: TestServer;
  let production: TestServer;
  beforeAll(async () => {
    ground = await layGround('SQLite and files');
    development = await startServer(ground);
    production = await startServer(
      { ...ground, environment: { ...ground.environment, DATA_DIR: `${ground.dataDirectory}/production` } },
      { NODE_ENV: 'production', ALLOWED_ORIGINS: 'https://app.example, https://other.example' },
    );
  });
  afterAll(async () => {
    await development.stop();
    await production.stop();
    await ground.remove();
  });

  it.each(['http://localhost:8080', 'null', 'https://anything.example'])(
    'may call in development: %s',
    async (origin) => {
      const answer = await call(`${development.url}/tts/files`, { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('vary')).toContain('Origin');
    },
  );

  it('get 204 to a preflight, with their headers echoed', async () => {
    const answer = await call(`${development.url}/tts/x`, {
      method: 'OPTIONS',
      headers: { origin: 'null', ...preflight },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(answer.headers.get('access-control-allow-methods')?.replaceAll(' ', '')).toBe(
      'GET,HEAD,PUT,PATCH,POST,DELETE',
    );
  });

  it('are told apart in production: listed ones are allowed, others are served without the header', async () => {
    const allowed = await call(`${production.url}/health`, { headers: { origin: 'https://app.example' } });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const other = await call(`${production.url}/health`, { headers: { origin: 'https://evil.example' } });
    expect(other.status).toBe(200);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('are sent a content policy without inline script', async () => {
    const { headers } = await call(`${development.url}/health`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
  });
});
