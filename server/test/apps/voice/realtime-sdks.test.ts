import { readFileSync } from 'node:fs';
import { RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinSpeechSynthesizer } from '../../../src/platform/ai/builtin/speech-synthesizer.js';
import { type SelfSigned, selfSigned } from '../../support/self-signed.js';
import { eventually } from '../../support/servers.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

/** The official clients, as they come from the registry, over TLS where they insist on it. */
describe('official SDKs talk to the builtin engines', () => {
  let app: VoiceApp;
  let tls: SelfSigned;
  let key: string;
  beforeAll(async () => {
    tls = selfSigned();
    app = await startVoiceApp({ environment: { TLS_CERT_FILE: tls.certFile, TLS_KEY_FILE: tls.keyFile } });
    ({ key } = await app.signUp());
  });
  afterAll(async () => {
    await app.stop();
    tls.remove();
  });

  it('openai: a text turn and an audio turn over its Realtime client', async () => {
    const client = new OpenAI({ apiKey: key, baseURL: `${app.url}/v1` });
    const realtime = new OpenAIRealtimeWS(
      { model: 'gpt-realtime', options: { ca: readFileSync(tls.certFile) } },
      client,
    );
    const failures: unknown[] = [];
    realtime.on('error', (error) => failures.push(error));
    const answered: string[] = [];
    const audio: number[] = [];
    let isDone = 0;
    realtime.on('response.output_text.done', ({ text }) => answered.push(text));
    realtime.on('response.output_audio_transcript.done', ({ transcript }) => answered.push(transcript));
    realtime.on('response.output_audio.delta', ({ delta }) => audio.push(delta.length));
    realtime.on('response.done', () => {
      isDone += 1;
    });
    const ask = (text: string, modality: 'text' | 'audio') => {
      realtime.send({
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
      });
      realtime.send({ type: 'response.create', response: { output_modalities: [modality] } });
    };
    await new Promise<void>((resolve) => realtime.socket.on('open', resolve));
    ask('What is 2 plus 3?', 'text');
    await eventually(
      async () => isDone,
      (count) => count === 1,
    );
    ask('What is 4 plus 5?', 'audio');
    await eventually(
      async () => isDone,
      (count) => count === 2,
    );
    realtime.close();
    expect(answered).toEqual([expect.stringContaining('5'), expect.stringContaining('9')]);
    expect(audio.length).toBeGreaterThan(2);
    expect(failures).toEqual([]);
  });

  it('@openai/agents-realtime: text, speech in and out, a tool, history and interruption', async () => {
    const called: string[] = [];
    const lamp = tool({
      name: 'lamp',
      description: 'Switches the lamp on.',
      parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
      strict: false,
      execute: async () => {
        called.push('lamp');
        return 'The lamp is on.';
      },
    });
    const agent = new RealtimeAgent({ name: 'Assistant', instructions: 'Be brief.', tools: [lamp] });
    const session = new RealtimeSession(agent, { transport: 'websocket', model: 'gpt-realtime' });
    const errors: unknown[] = [];
    session.on('error', (error) => errors.push(error));
    let bytes = 0;
    session.on('audio', ({ data }) => {
      bytes += data.byteLength;
    });
    const agents: string[] = [];
    session.on('agent_end', (_context, _agent, output) => agents.push(output));
    const previous = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      await session.connect({
        apiKey: key,
        url: `${app.url.replace('https', 'wss')}/v1/realtime?model=gpt-realtime`,
      });
    } finally {
      if (previous === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = previous;
    }
    session.sendMessage('What is 2 plus 3?');
    await eventually(
      async () => agents.length,
      (count) => count === 1,
    );
    expect(agents[0]).toContain('5');
    expect(bytes).toBeGreaterThan(10_000);

    session.sendMessage('Please use the lamp.');
    await eventually(
      async () => agents,
      (outputs) => outputs.some((output) => output.includes('The lamp is on.')),
    );
    expect(called).toEqual(['lamp']);

    const synthesizer = createBuiltinSpeechSynthesizer();
    const question = await synthesizer.synthesize({
      text: 'What is twenty five plus seventeen?',
      voice: 'alloy',
      model: '',
      format: 'pcm',
      speed: 1,
    });
    await synthesizer.close();
    const quiet = new Uint8Array(48_000);
    for (const part of [quiet, question, quiet, quiet]) session.sendAudio(Uint8Array.from(part).buffer);
    await eventually(
      async () => agents,
      (outputs) => outputs.some((output) => output.includes('42')),
    );
    const spoken = session.history.flatMap((item) =>
      item.type === 'message' && item.role === 'user' ? item.content : [],
    );
    expect(JSON.stringify(spoken)).toMatch(/plus seventeen/i);
    session.close();
    expect(errors).toEqual([]);
  });
});
