import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltServer, buildServer } from '../../src/build.js';
import { demoTexts } from '../../src/cli/demo/texts.js';
import { demo } from '../../src/cli/demo.js';
import { createLog } from '../../src/platform/telemetry/log.js';
import { type Installation, installation, printed } from './installation.js';

describe('the demo', () => {
  let one: Installation;
  let server: BuiltServer;
  let words: string;
  beforeAll(async () => {
    one = await installation('sqlite');
    words = await printed(() => demo(one.config));
    server = await buildServer(one.config, { log: createLog('silent') });
  }, 120_000);
  afterAll(async () => {
    await server.close();
    one.remove();
  });

  it('makes a user who signs in with the printed key and finds spoken texts, a failed one and positions', async () => {
    const key = /sk-demo-\w+/.exec(words)?.[0];
    const { session_token: token } = (
      await server.http.inject({ method: 'POST', url: '/auth/verify', payload: { openai_token: key } })
    ).json();
    const get = (url: string) => server.http.inject({ url, headers: { authorization: `Bearer ${token}` } });
    const files: {
      id: string;
      status: string;
      title: string;
      voice: string;
      file_size: number;
      error?: string;
    }[] = (await get('/tts/files')).json();
    const ready = files.filter((file) => file.status === 'ready');
    expect(ready).toHaveLength(demoTexts.length);
    expect(new Set(ready.map((file) => file.voice)).size).toBeGreaterThan(5);
    expect(files.filter((file) => file.status === 'failed')).toMatchObject([
      { error: expect.stringContaining('interrupted') },
    ]);
    for (const file of ready) {
      const audio = await get(`/files/${file.id}`);
      expect(audio.rawPayload.length).toBe(file.file_size);
    }
    expect((await get('/playback/states')).json()).toHaveLength(
      demoTexts.filter((text) => text.heard !== undefined).length,
    );
  });

  it('is not made twice', async () => {
    await expect(demo(one.config)).rejects.toThrow('There is a demo user already');
  });

  it('refuses where a provider speaks', async () => {
    await expect(demo({ ...one.config, OPENAI_BASE_URL: 'http://127.0.0.1:9' })).rejects.toThrow(
      'AI_SPEECH=builtin',
    );
  });
});
