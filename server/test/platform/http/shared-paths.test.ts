import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { tellSharedPathsApart, withoutAppId } from '../../../src/platform/http/shared-paths.js';

describe('a path that two apps share', () => {
  const served = () => {
    const server = Fastify();
    tellSharedPathsApart(server);
    return server;
  };
  const answer = async (server: ReturnType<typeof served>, headers: Record<string, string> = {}) => {
    const { statusCode, body } = await server.inject({ url: '/shared', headers });
    return statusCode === 200 ? body : statusCode;
  };

  it('goes to one app with the header and to the other without it, whoever came first', async () => {
    for (const order of [
      ['plain', 'constrained'],
      ['constrained', 'plain'],
    ]) {
      const server = served();
      for (const kind of order) {
        if (kind === 'plain') server.get('/shared', () => 'with');
        else server.get('/shared', withoutAppId, () => 'without');
      }
      expect(await answer(server)).toBe('without');
      expect(await answer(server, { 'x-app-id': 'one' })).toBe('with');
    }
  });

  it('belongs to the app that is there when the other one is not', async () => {
    const server = served();
    server.get('/shared', () => 'with');
    expect(await answer(server)).toBe('with');
    expect(await answer(server, { 'x-app-id': 'one' })).toBe('with');
  });

  it('is not found with the header when only the app without it is served', async () => {
    const server = served();
    server.get('/shared', withoutAppId, () => 'without');
    expect(await answer(server, { 'x-app-id': 'one' })).toBe(404);
  });
});
