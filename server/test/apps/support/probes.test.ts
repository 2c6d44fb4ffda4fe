import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layGround, stacks, startServer } from '../../support/servers.js';
import { librarySocket } from '../../support/support-sockets.js';

const MASTER = 'the-master-key-of-the-tests-which-is-long';

describe.each(stacks)('HA and autoscaling: the probes on %s', (stack) => {
  it('say that the node lives and can serve, and a stop takes it out of service before its sockets end', async () => {
    const ground = await layGround(stack);
    const server = await startServer(ground, { MASTER_API_KEY: MASTER });
    const probe = async (path: string): Promise<number> => {
      const answer = await fetch(server.url + path, { headers: { connection: 'close' } }).catch(() => null);
      return answer?.status ?? 0;
    };
    expect([await probe('/health'), await probe('/health/ready')]).toEqual([200, 200]);
    const made = await fetch(`${server.url}/setup/api/apps`, {
      method: 'POST',
      headers: { 'x-master-api-key': MASTER, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Probes' }),
    });
    const { app } = (await made.json()) as { app: { id: string; api_key: string } };
    const socket = librarySocket(server.url, '/client', {
      app_id: app.id,
      device_id: 'device',
      api_key: app.api_key,
    });
    await socket.next('connected');
    const began = performance.now();
    const stopped = server.stop();
    await socket.next('server:shutdown');
    expect([0, 503]).toContain(await probe('/health/ready'));
    await stopped;
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(await probe('/health')).toBe(0);
    await ground.remove();
  });
});

describe('HA and autoscaling: the container', () => {
  it('is asked for its health', () => {
    const definition = readFileSync(new URL('../../../../deploy/Dockerfile', import.meta.url), 'utf8');
    expect(definition).toMatch(/^HEALTHCHECK .*\n?.*\/health/m);
  });
});
