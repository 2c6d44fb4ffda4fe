import { expect, it } from 'vitest';
import { layGround, startServer } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';

const stories = { data: { status: 'healthy', database: 'connected' } };
const voice = { status: 'ok', engines: { llm: true } };

it.each([
  ['stories', stories, 'engines'],
  ['voice', voice, 'data'],
  ['stories,voice', { ...stories, ...voice }, 'nothing'],
])('GET /api/health with APPS=%s says what these apps promise', async (apps, members, absent) => {
  const ground = await layGround('SQLite and files');
  const server = await startServer(ground, { APPS: apps });
  const { status, json, headers } = await call(`${server.url}/api/health`);
  await server.stop();
  await ground.remove();
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(json).toMatchObject(members);
  expect(json).not.toHaveProperty(absent);
});
