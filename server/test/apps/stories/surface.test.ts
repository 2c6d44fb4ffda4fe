import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import { type StoriesApp, startStoriesApp } from '../../support/stories-app.js';

describe.each(stacks)('the surface of the stories, on %s', (stack) => {
  let app: StoriesApp;
  beforeAll(async () => {
    app = await startStoriesApp(stack);
  });
  afterAll(() => app.stop());

  it.each(['/api/v1', '/api'])('§9.2 answers health and ping under %s to anybody', async (prefix) => {
    const health = await call(`${app.url}${prefix}/health`);
    expect(health.status).toBe(200);
    expect(health.json.data).toMatchObject({ status: 'healthy', database: 'connected' });
    expect(health.json.data.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const ping = await call(`${app.url}${prefix}/ping`);
    expect(ping.json).toEqual({ status: 'ok', timestamp: expect.any(Number) });
  });
});
