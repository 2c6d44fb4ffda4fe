import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisUrl } from '../../support/redis.js';
import { type Ground, layGround } from '../../support/servers.js';
import { type SupportApp, startSupportApp } from '../../support/support-app.js';
import { sdkDevice } from '../../support/support-client.js';

const stack = 'PostgreSQL, Redis and S3';
const LIMIT = 100;

describe.skipIf(!redisUrl())('Rate limiting beyond basic: over two nodes', () => {
  let ground: Ground;
  let nodes: SupportApp[];
  beforeAll(async () => {
    ground = await layGround(stack);
    const environment = { SUPPORT_REQUESTS_PER_MINUTE: String(LIMIT) };
    nodes = [
      await startSupportApp(stack, { ground, environment }),
      await startSupportApp(stack, { ground, environment }),
    ];
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await ground.remove();
  });

  it('the counters of an app and device agree, and the headers tell the truth', async () => {
    const [a, b] = nodes as [SupportApp, SupportApp];
    const app = await a.createApp();
    const here = sdkDevice(a.url, app);
    const there = sdkDevice(b.url, app, { deviceId: here.deviceId });
    const remaining: number[] = [];
    for (let n = 0; n < LIMIT; n += 1) {
      const answer = await (n % 2 ? here : there).get('/conversations/none/messages');
      expect(answer.status).toBe(404);
      remaining.push(Number(answer.headers.get('ratelimit-remaining')));
    }
    expect(remaining).toEqual(Array.from({ length: LIMIT }, (_, n) => LIMIT - 1 - n));
    for (const device of [here, there]) {
      const refused = await device.get('/conversations/none/messages');
      expect(refused.status).toBe(429);
      expect(refused.json).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', retry_after: expect.any(Number) });
      expect(refused.headers.get('retry-after')).toBe(String(refused.json.retry_after));
      expect(refused.headers.get('ratelimit-policy')).toBe(`${LIMIT};w=60`);
    }
    expect((await sdkDevice(b.url, app).open()).startsWith('conv_')).toBe(true);
    expect(
      (await sdkDevice(b.url, await a.createApp(), { deviceId: here.deviceId }).open()).length,
    ).toBeGreaterThan(5);
  });
});
