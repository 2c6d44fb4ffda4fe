import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { type Listener, listen, pcmMessages, ready, silence } from '../../support/companion-listener.js';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import {
  type FakeRealtimeBehaviour,
  type FakeTranscription,
  type FakeTranscriptionBehaviour,
  fakeWords,
  startFakeTranscription,
} from '../../support/fake-openai-audio.js';
import { eventually } from '../../support/servers.js';
import { babble, joined } from '../../support/sound.js';

const rate = 16_000;
const utterance = pcmMessages(joined(silence(0.3), babble(1.5, rate), silence(1.2)));
const query = { codec: 'pcm16', sample_rate: '16000', language: 'en' };

const environmentOf = (upstream: FakeTranscription, streaming: 'utterances' | 'realtime') => ({
  AI_TRANSCRIPTION: 'openai',
  AI_TEXT: 'builtin',
  OPENAI_API_KEY: 'sk-test-of-the-server',
  OPENAI_BASE_URL: upstream.baseUrl,
  TRANSCRIPTION_STREAMING: streaming,
});

async function speaking(app: CompanionApp): Promise<{ user: CompanionUser; listener: Listener }> {
  const user = await app.signUp();
  const listener = await listen(app.url, user.token, query);
  await ready(listener);
  await listener.stream(utterance);
  return { user, listener };
}
const heard = (listener: Listener, text = fakeWords) =>
  eventually(
    async () => listener.text(),
    (said) => said === text,
    60_000,
  );

describe('an upstream that takes files', { timeout: 90_000 }, () => {
  let upstream: FakeTranscription;
  let app: CompanionApp;
  beforeAll(async () => {
    upstream = await startFakeTranscription();
    app = await startCompanionApp('SQLite and files', { environment: environmentOf(upstream, 'utterances') });
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('hears each utterance when it is over, in the language asked for', async () => {
    upstream.behave(() => ({ kind: 'ok' }));
    const { listener } = await speaking(app);
    await heard(listener);
    expect(upstream.requests.at(-1)).toMatchObject({ language: 'en' });
    await listener.stop();
  });

  const failures: [string, FakeTranscriptionBehaviour][] = [
    ['refuses the key', { kind: 'status', status: 401 }],
    ['has a fault', { kind: 'status', status: 500 }],
    ['writes a web page', { kind: 'garbage' }],
    ['hangs up', { kind: 'hang-up' }],
    ['breaks off', { kind: 'close-mid-body' }],
  ];
  it.each(failures)(
    'loses nothing when the upstream %s: the app is told, and the words follow',
    async (_, failure) => {
      upstream.behave(() => failure);
      const { user, listener } = await speaking(app);
      const delayed = await eventually(
        async () =>
          listener.ofType('service_status').find(({ status }) => status === 'transcription_delayed'),
        (event) => event !== undefined,
        60_000,
      );
      expect(delayed.status_text).not.toContain('sk-test');
      upstream.behave(() => ({ kind: 'ok' }));
      await heard(listener);
      const [conversation] = (await user.get('v1/conversations?statuses=in_progress')).json;
      expect(conversation.transcript_segments.map(({ text }: { text: string }) => text)).toEqual([fakeWords]);
      await listener.stop();
    },
  );

  it('adds words to a conversation that was ended meanwhile', async () => {
    upstream.behave(() => ({ kind: 'status', status: 503 }));
    const { user, listener } = await speaking(app);
    await eventually(
      async () => listener.statuses(),
      (statuses) => statuses.includes('transcription_delayed'),
      60_000,
    );
    listener.send({ type: 'transcript_segment', text: 'We talk about the new bridge over the river.' });
    await eventually(
      async () => listener.segments.size,
      (size) => size > 0,
      30_000,
    );
    const { id } = (await user.post('v1/conversations', {})).json.memory;
    await listener.stop();
    upstream.behave(() => ({ kind: 'ok' }));
    await eventually(
      async () => (await user.get(`v1/conversations/${id}`)).json,
      ({ status, transcript_segments }) =>
        status === 'completed' &&
        transcript_segments.some(({ text }: { text: string }) => text === fakeWords),
      60_000,
    );
  });
});

describe('an upstream that listens live', { timeout: 90_000 }, () => {
  let upstream: FakeTranscription;
  let app: CompanionApp;
  beforeAll(async () => {
    upstream = await startFakeTranscription();
    app = await startCompanionApp('SQLite and files', { environment: environmentOf(upstream, 'realtime') });
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('hears while somebody speaks', async () => {
    upstream.behaveRealtime('ok');
    const { listener } = await speaking(app);
    await eventually(
      async () => listener.text(),
      (text) => text !== '',
      60_000,
    );
    expect(upstream.connections.count).toBeGreaterThan(0);
    await listener.stop();
  });

  const failures: FakeRealtimeBehaviour[] = ['refuse', 'cut-at-commit', 'garbage', 'failed', 'error'];
  it.each(failures)('loses nothing when its socket does this: %s', async (failure) => {
    upstream.behaveRealtime(failure);
    upstream.behave(() => ({ kind: 'ok' }));
    const { listener } = await speaking(app);
    await heard(listener);
    expect(listener.statuses()).toContain('transcription_delayed');
    await listener.stop();
  });
});

describe('a language model beside the recogniser', { timeout: 60_000 }, () => {
  let model: FakeOpenai;
  let app: CompanionApp;
  beforeAll(async () => {
    model = await startFakeOpenAI();
    app = await startCompanionApp('SQLite and files', {
      environment: {
        AI_TRANSCRIPTION: 'builtin',
        AI_TEXT: 'openai',
        OPENAI_API_KEY: 'sk-test-of-the-server',
        OPENAI_BASE_URL: model.baseUrl,
      },
    });
  });
  afterAll(async () => {
    await app.stop();
    await model.close();
  });

  it('translates what is said in another language than the user’s', async () => {
    model.behave(() => ({ kind: 'chat', text: 'We will see each other tomorrow.' }));
    const user = await app.signUp();
    await user.patch('v1/users/language', { language: 'en' });
    const listener = await listen(app.url, user.token, { language: 'multi' });
    await ready(listener);
    listener.send({
      type: 'transcript_segment',
      text: 'Wir sehen uns morgen wieder, und dann ist es auch noch warm.',
    });
    const [translating] = await eventually(
      async () => listener.ofType('translating'),
      (all) => all.length > 0,
      30_000,
    );
    const translations = [{ lang: 'en', text: 'We will see each other tomorrow.' }];
    expect(translating.segments).toMatchObject([{ translations }]);
    const [conversation] = (await user.get('v1/conversations?statuses=in_progress')).json;
    expect(conversation.transcript_segments).toMatchObject([{ translations }]);
    await listener.stop();
  });

  it('describes photos, and says when there is nothing to see on one', async () => {
    const user = await app.signUp();
    const listener = await listen(app.url, user.token);
    await ready(listener);
    const data = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100)]).toString('base64');
    model.behave(() => ({ kind: 'chat', text: 'A cup on a table.' }));
    listener.send({ type: 'image_chunk', id: 'a', index: 0, total: 1, data });
    await eventually(
      async () => listener.ofType('photo_described'),
      (all) => all.length === 1,
      30_000,
    );
    model.behave(() => ({ kind: 'chat', text: 'NOTHING' }));
    listener.send({ type: 'image_chunk', id: 'b', index: 0, total: 1, data });
    await eventually(
      async () => listener.ofType('photo_described'),
      (all) => all.length === 2,
      30_000,
    );
    expect(listener.ofType('photo_described')).toMatchObject([
      { description: 'A cup on a table.', discarded: false },
      { description: '', discarded: true },
    ]);
    await listener.stop();
  });
});
