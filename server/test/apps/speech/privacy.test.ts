import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import { type Ground, layGround, stacks, startServer, type TestServer } from '../../support/servers.js';
import { call, type SpeechDevice, signIn } from '../../support/speech-client.js';

const PRIVATE_WORDS = 'the tortoise keeps its diary under the third floorboard';

describe.each(stacks)('what is logged at every level, on %s', (stack) => {
  let ground: Ground;
  let upstream: FakeOpenai;
  let server: TestServer;
  let device: SpeechDevice;
  beforeAll(async () => {
    ground = await layGround(stack);
    upstream = await startFakeOpenAI();
    server = await startServer(ground, { OPENAI_BASE_URL: upstream.baseUrl });
    device = await signIn(server.url);
  });
  afterAll(async () => {
    await upstream.close();
    await ground.remove();
  });

  it('never holds a key, a token or a text, whatever happens', async () => {
    const { ordered } = await device.speak(PRIVATE_WORDS, {
      title: PRIVATE_WORDS,
      instructions: PRIVATE_WORDS,
    });
    await device.download(ordered.json.file_id);
    await device.call('/tts/files');
    await device.call('/playback/sync', {
      method: 'POST',
      body: { document_id: PRIVATE_WORDS, text_content: PRIVATE_WORDS },
    });
    await device.call(`/playback/state/${encodeURIComponent(PRIVATE_WORDS)}`);
    for (const kind of ['echo-key', 'garbage', 'json', 'hang-up'] as const) {
      upstream.behave(({ path }) => (path.endsWith('/audio/speech') ? { kind } : { kind: 'ok' }));
      await device.speak(`${PRIVATE_WORDS} ${kind}`);
    }
    upstream.behave(() => ({ kind: 'status', status: 401 }));
    await call(`${server.url}/auth/verify`, {
      method: 'POST',
      body: { openai_token: 'sk-a-wrong-key-of-somebody' },
    });
    await call(`${server.url}/auth/verify`, { method: 'POST', raw: `{"openai_token":"${device.key}` });
    await call(`${server.url}/nope?token=${device.token}`);
    await call(`${server.url}/tts/files`, { headers: { authorization: `Bearer ${device.token}x` } });
    await device.call(`/tts/${ordered.json.file_id}`, { method: 'DELETE' });
    const metrics = await call(`${server.url}/metrics`);
    await server.stop();

    const everything = [...server.logged, metrics.text].join('\n');
    expect(server.logged.length).toBeGreaterThan(20);
    for (const secret of [
      device.key,
      device.token,
      'sk-a-wrong',
      PRIVATE_WORDS,
      encodeURIComponent(PRIVATE_WORDS),
    ]) {
      expect(everything.includes(secret), secret).toBe(false);
    }
  });
});
