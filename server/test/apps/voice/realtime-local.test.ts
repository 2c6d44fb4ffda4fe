import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinSpeechSynthesizer } from '../../../src/platform/ai/builtin/speech-synthesizer.js';
import { samplesOf } from '../../../src/platform/audio/pcm.js';
import { openRealtime, type RealtimeClient } from '../../support/realtime-client.js';
import { joined } from '../../support/sound.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

const silence = (seconds: number) => new Int16Array(24_000 * seconds);

describe('the Realtime protocol over the builtin engines', () => {
  let app: VoiceApp;
  let question: Int16Array;
  beforeAll(async () => {
    app = await startVoiceApp();
    const synthesizer = createBuiltinSpeechSynthesizer();
    const spoken = await synthesizer.synthesize({
      text: 'What is twenty five plus seventeen?',
      voice: 'alloy',
      model: '',
      format: 'pcm',
      speed: 1,
    });
    question = samplesOf(spoken);
    await synthesizer.close();
  });
  afterAll(() => app.stop());
  const sessions: RealtimeClient[] = [];
  const open = async (
    ...options: Parameters<typeof openRealtime> extends [string, ...infer Rest] ? Rest : never
  ) => {
    const client = await openRealtime(app.url, ...options);
    sessions.push(client);
    return client;
  };
  afterAll(async () => {
    for (const session of sessions) await session.close();
  });

  it('§12.4: completes a text turn', async () => {
    const client = await open();
    const { session } = await client.event('session.created');
    expect(session).toMatchObject({
      object: 'realtime.session',
      type: 'realtime',
      output_modalities: ['audio'],
    });
    client.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
    expect((await client.event('session.updated')).session.output_modalities).toEqual(['text']);
    client.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is 2 plus 3?' }] },
    });
    client.send({ type: 'response.create' });
    const { response } = await client.event('response.done');
    expect(response.status).toBe('completed');
    expect(response.output[0].content[0].text).toContain('5');
    expect(client.types().slice(-10)).toEqual(
      [
        'conversation.item.done',
        'response.created',
        'response.output_item.added',
        'conversation.item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'response.output_item.done',
        'conversation.item.done',
        'response.done',
        'earshot.turn',
      ].slice(-10 - 0),
    );
  });

  it('§12.5: hears a question by voice activity, and answers it aloud, in the order of §8.6', async () => {
    const client = await open();
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: { model: 'whisper-1' } } } },
    });
    client.say(joined(silence(0.5), question, silence(1)));
    const { response } = await client.event('response.done');
    console.log(client.types(), JSON.stringify(client.ofType('earshot.turn')), JSON.stringify(response));
    console.log(JSON.stringify(client.ofType('conversation.item.input_audio_transcription.completed')));
  });
});
