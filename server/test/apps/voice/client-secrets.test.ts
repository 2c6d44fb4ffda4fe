import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVoiceCallers } from '../../../src/apps/voice/callers.js';
import { createClientSecrets } from '../../../src/apps/voice/client-secrets/secrets.js';
import { chooseEngines } from '../../../src/apps/voice/engines.js';
import { movableClock } from '../../support/servers.js';
import { someKey } from '../../support/speech-client.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

const SECRETS = '/v1/realtime/client_secrets';

describe('client secrets (§8.2, §12.4)', () => {
  const clock = movableClock();
  let app: VoiceApp;
  beforeAll(async () => {
    app = await startVoiceApp({ clock });
  });
  afterAll(() => app.stop());

  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  /** Who the holder of a secret is, as the Realtime socket asks. */
  const identify = (value: string) => {
    const engines = chooseEngines(app.platform);
    const callers = createVoiceCallers(app.platform, createClientSecrets(app.platform), engines);
    return callers.identify({ headers: bearer(value) });
  };

  it('are made with the whole configuration that holds, for ten minutes unless told otherwise', async () => {
    const { status, json, headers } = await app.post(SECRETS, {
      session: {
        type: 'realtime',
        model: 'gpt-realtime-mini',
        audio: { input: { turn_detection: { type: 'semantic_vad', eagerness: 'low' } } },
      },
    });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json.value).toMatch(/^ek_[\w-]+$/);
    expect(json.expires_at).toBe(Math.floor(clock.now() / 1_000) + 600);
    expect(json.session).toMatchObject({
      id: expect.stringMatching(/^sess_/),
      object: 'realtime.session',
      type: 'realtime',
      model: 'gpt-realtime-mini',
      output_modalities: ['audio'],
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: null,
          turn_detection: { type: 'semantic_vad', eagerness: 'low', create_response: true },
        },
        output: { voice: 'alloy', speed: 1 },
      },
      tools: [],
      max_output_tokens: 'inf',
    });
  });

  it('need no body, and the default configuration holds', async () => {
    const { status, json } = await app.post(SECRETS);
    expect(status).toBe(200);
    expect(json.session.audio.input.turn_detection).toMatchObject({
      type: 'server_vad',
      silence_duration_ms: 500,
    });
  });

  it('stand for their maker’s key, which is not to be read from them', async () => {
    const key = someKey();
    const { json, text } = await app.post(SECRETS, { session: { type: 'realtime' } }, bearer(key));
    expect(text).not.toContain(key);
    expect(await identify(json.value)).toEqual({
      via: 'client-secret',
      apiKey: key,
      session: { type: 'realtime' },
    });
  });

  it('are refused after they have expired, and when altered', async () => {
    const { json } = await app.post(SECRETS, { expires_after: { anchor: 'created_at', seconds: 10 } });
    expect(await identify(json.value)).toMatchObject({ via: 'client-secret' });
    await expect(identify(`${json.value.slice(0, -2)}AA`)).rejects.toMatchObject({ statusCode: 401 });
    clock.advance(10_000);
    await expect(identify(json.value)).rejects.toMatchObject({ statusCode: 401 });
  });

  it('end with the key of this server by which they were made', async () => {
    const { userId, key, keyId } = await app.signUp();
    const { json } = await app.post(SECRETS, {}, bearer(key));
    expect(await identify(json.value)).toMatchObject({ via: 'client-secret', account: { userId } });
    await app.platform.apiKeys.revoke(userId, keyId);
    await expect(identify(json.value)).rejects.toMatchObject({ statusCode: 401 });
  });

  it('cannot make others', async () => {
    const { json } = await app.post(SECRETS);
    const { status, json: refused } = await app.post(SECRETS, {}, bearer(json.value));
    expect(status).toBe(403);
    expect(refused.error).toMatchObject({ type: 'invalid_request_error' });
  });

  it.each([
    ['a life of a day', { expires_after: { seconds: 86_400 } }],
    ['another kind of session', { session: { type: 'party' } }],
    [
      'instructions that no header can carry',
      {
        session: {
          type: 'realtime',
          instructions: Array.from({ length: 6_000 }, (_, index) => (index * 7_919).toString(36)).join(' '),
        },
      },
    ],
  ])('are refused for %s, in OpenAI’s shape', async (_, body) => {
    const { status, json } = await app.post(SECRETS, body);
    expect(status).toBe(400);
    expect(json).toEqual({
      error: {
        message: expect.any(String),
        type: 'invalid_request_error',
        param: expect.anything(),
        code: null,
      },
    });
  });

  it('come in the older form too, for a minute', async () => {
    const { status, json } = await app.post('/v1/realtime/sessions', {
      model: 'gpt-4o-realtime-preview',
      modalities: ['text'],
      instructions: 'Be brief.',
      voice: 'coral',
      input_audio_format: 'g711_ulaw',
      input_audio_transcription: { model: 'whisper-1' },
      turn_detection: null,
      max_response_output_tokens: 100,
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^sess_/),
      object: 'realtime.session',
      model: 'gpt-4o-realtime-preview',
      modalities: ['text'],
      instructions: 'Be brief.',
      voice: 'coral',
      input_audio_format: 'g711_ulaw',
      output_audio_format: 'pcm16',
      input_audio_transcription: { model: 'whisper-1' },
      turn_detection: null,
      max_response_output_tokens: 100,
      client_secret: {
        value: expect.stringMatching(/^ek_/),
        expires_at: Math.floor(clock.now() / 1_000) + 60,
      },
    });
    expect(await identify(json.client_secret.value)).toMatchObject({
      session: { type: 'realtime', output_modalities: ['text'], audio: { output: { voice: 'coral' } } },
    });
  });
});
