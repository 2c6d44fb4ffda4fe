import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Behaviour,
  type FakeOpenAIRequest,
  type FakeOpenai,
  startFakeOpenAI,
} from '../../support/fake-openai.js';
import { answersWell, wantedOf } from '../../support/fake-storyteller.js';
import { eventually, layGround, stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

const WHOLE_SECOND = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** How an upstream that writes can fail, and what the contract calls it on routes that keep something. */
const TEXT_FAULTS: readonly (readonly [string, Behaviour, number, string])[] = [
  ['a web page', { kind: 'garbage' }, 502, 'AIError'],
  ['words instead of JSON', { kind: 'chat', text: 'Once upon a time' }, 502, 'AIError'],
  ['JSON of another form', { kind: 'chat', json: { title: '', content: 3 } }, 502, 'AIError'],
  [
    'an answer that is cut off',
    { kind: 'chat', json: { title: 'x' }, finishReason: 'length' },
    502,
    'AIError',
  ],
  ['a refusal', { kind: 'chat', finishReason: 'content_filter' }, 502, 'AIError'],
  ['a broken connection in mid-answer', { kind: 'close-mid-body' }, 502, 'AIError'],
  ['no connection', { kind: 'hang-up' }, 502, 'AIError'],
  ['500', { kind: 'status', status: 500 }, 502, 'AIError'],
  ['429', { kind: 'status', status: 429, retryAfter: 90 }, 429, 'RateLimitExceeded'],
  ['the refusal of the server’s own key', { kind: 'status', status: 401 }, 500, 'ServerError'],
];

describe.each(stacks)('an upstream that misbehaves, on %s', (stack) => {
  // How an upstream fails is the same above every database; what is written then is tried on both.
  const once = it.runIf(stack === 'SQLite and files');
  const faults = stack === 'SQLite and files' ? TEXT_FAULTS : TEXT_FAULTS.slice(0, 1);
  let upstream: FakeOpenai;
  let app: StoriesApp;
  let user: StoriesUser;
  const environment = () => ({
    OPENAI_BASE_URL: upstream.baseUrl,
    OPENAI_API_KEY: 'sk-of-the-operator',
    TEXT_DEADLINE_SECONDS: '5',
    TEXT_FIRST_TOKEN_SECONDS: '5',
  });
  beforeAll(async () => {
    upstream = await startFakeOpenAI();
    app = await startStoriesApp(stack, { environment: environment() });
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    user = await app.signUp();
    upstream.requests.length = 0;
    upstream.behave(answersWell);
  });

  const usage = async () => (await user.get('user/usage')).json.data;
  const told = async () => {
    const luna = await user.hero();
    return (await user.post('stories', { heroId: luna.id, language: 'en' })).json.data;
  };

  it.each(faults)(
    'tells a story after %s, not before: nothing is written or counted',
    async (_, fault, status, name) => {
      const luna = await user.hero();
      const event = await user.event();
      upstream.behave(() => fault);
      const wish = { heroId: luna.id, language: 'en', customEventId: event.id, generateAudio: true };
      const key = { 'idempotency-key': 'one-story' };
      const answer = await user.post('stories', wish, key);
      expect(answer.status, answer.text).toBe(status);
      expect(answer.json).toMatchObject({ error: name, code: name, message: expect.any(String) });
      expect(answer.text).not.toContain('sk-of-the-operator');
      if (status === 429) {
        expect(answer.json.resetAt).toMatch(WHOLE_SECOND);
        expect(Math.abs(Date.parse(answer.json.resetAt) - Date.now() - 90_000)).toBeLessThan(30_000);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(60);
      }
      expect((await user.get('stories')).json.data.pagination.total).toBe(0);
      expect((await user.get(`custom-events/${event.id}`)).json.data).toEqual(event);
      expect(await usage()).toMatchObject({
        story_generation: { remaining: 5 },
        audio_generation: { remaining: 10 },
        summary: { totalRequests: 1, successfulRequests: 0, failedRequests: 1, totalCost: 0 },
        userStats: { totalStoriesGenerated: 0 },
      });

      upstream.behave(answersWell);
      const again = await user.post('stories', wish, key);
      expect(again.status).toBe(201);
      expect(again.json.data.audioGenerationStatus).toBe('completed');
      expect((await usage()).story_generation.remaining).toBe(4);
    },
  );

  once('gives up on an upstream that is silent', async () => {
    const luna = await user.hero();
    upstream.behave(() => ({ kind: 'hang' }));
    const { status, json } = await user.post('stories', { heroId: luna.id, language: 'en' });
    expect(status).toBe(502);
    expect(json.error).toBe('AIError');
    expect((await usage()).story_generation.remaining).toBe(5);
  });

  once('takes the paragraphs for scenes where the model finds none', async () => {
    upstream.behave((request) =>
      wantedOf(request).includes('scenes') ? { kind: 'chat', json: { scenes: [] } } : answersWell(request),
    );
    const story = await told();
    expect(story.illustrations).toHaveLength(4);
    expect(story.illustrationStatus).toBe('pending');
  });

  it('stays without an extracted profile or a better event, and counts neither', async () => {
    const luna = await user.hero();
    const event = await user.event();
    await user.post(`heroes/${luna.id}/avatar`, {});
    for (const fault of [{ kind: 'chat', json: { hairStyle: 3 } }, { kind: 'hang-up' }] as const) {
      upstream.behave(() => fault);
      for (const path of [`heroes/${luna.id}/visual-profile/extract`, `custom-events/${event.id}/enhance`]) {
        const { status, json } = await user.post(path);
        expect(status, path).toBe(502);
        expect(json, path).toMatchObject({ error: 'AIError', code: 'AIError', message: expect.any(String) });
      }
    }
    expect((await user.get(`heroes/${luna.id}/visual-profile`)).status).toBe(404);
    expect((await user.get(`custom-events/${event.id}`)).json.data).toEqual(event);
    expect((await usage()).ai_assistant.remaining).toBe(30);
    upstream.behave(answersWell);
    expect((await user.post(`heroes/${luna.id}/visual-profile/extract`)).status).toBe(201);
    expect((await user.post(`custom-events/${event.id}/enhance`)).status).toBe(200);
    expect((await usage()).ai_assistant.remaining).toBe(28);
  });

  once('tells the helpers’ clients of a failing or busy upstream by the names they know', async () => {
    const calls = [
      ['ai-assistant/generate-title', { description: 'swimming' }, 'ai_assistant'],
      ['images/generate-pictogram', { prompt: 'a boat' }, 'illustration_generation'],
      ['audio/generate', { text: 'Good night', voice: 'nova' }, 'audio_generation'],
    ] as const;
    for (const [path, body, operation] of calls) {
      const before = (await usage())[operation].remaining;
      upstream.behave(() => ({ kind: 'garbage' }));
      const failed = await user.post(path, body);
      expect(failed.status, path).toBe(502);
      expect(failed.json, path).toMatchObject({
        error: 'AI_ERROR',
        code: 'AI_ERROR',
        message: expect.any(String),
      });
      upstream.behave(() => ({ kind: 'status', status: 429, retryAfter: 60 }));
      const busy = await user.post(path, body);
      expect(busy.status, path).toBe(429);
      expect(busy.json, path).toMatchObject({
        error: 'RATE_LIMIT',
        code: 'RATE_LIMIT',
        resetAt: expect.stringMatching(WHOLE_SECOND),
      });
      expect((await usage())[operation].remaining, path).toBe(before);
    }
  });

  it('leaves a story as it was when the reading fails, and its earlier narration with it', async () => {
    const story = await told();
    const path = `stories/${story.id}/audio`;
    for (const fault of [
      { kind: 'close-mid-body' },
      { kind: 'garbage' },
      { kind: 'status', status: 400 },
    ] as const) {
      upstream.behave(() => fault);
      const { status, json } = await user.post(path, { language: 'en', voice: 'nova' });
      expect(status).toBe(502);
      expect(json.error).toBe('AIError');
      expect((await user.get(path)).json.data).toMatchObject({ status: 'failed', error: expect.any(String) });
    }
    upstream.behave(() => ({ kind: 'status', status: 429, retryAfter: 60 }));
    expect((await user.post(path, { language: 'en', voice: 'nova' })).status).toBe(429);
    expect((await user.get(path)).json.data).toEqual({ status: 'pending' });
    upstream.behave(answersWell);
    const read = await user.post(path, { language: 'en', voice: 'nova' });
    expect(read.json.data.status).toBe('completed');
    upstream.behave(() => ({ kind: 'status', status: 400 }));
    expect((await user.post(path, { language: 'en', voice: 'coral' })).status).toBe(502);
    const kept = (await user.get(path)).json.data;
    expect(kept).toMatchObject({ status: 'completed', audioDuration: read.json.data.audioDuration });
    expect((await fetch(kept.audioUrl)).status).toBe(200);
    expect((await usage()).audio_generation.remaining).toBe(9);
    expect((await user.get(`stories/${story.id}`)).json.data.content).toBe(story.content);
  });

  once('goes on with the pieces that were read before a failure', async () => {
    const luna = await user.hero();
    const content = 'The moon rose over the hill, and the owls began to sing. '.repeat(100);
    const story = await user.story(luna.id, { content });
    let calls = 0;
    upstream.behave((request) => {
      calls += 1;
      return calls === 2 ? { kind: 'hang-up' } : answersWell(request);
    });
    // The SDK itself tries a lost connection again.
    const { status, json } = await user.post(`stories/${story.id}/audio`, { language: 'en' });
    expect(status).toBe(200);
    expect(json.data.audioDuration).toBeGreaterThan(0.9);
    expect(calls).toBe(3);
  });

  it('stops drawing at a 429, keeps what was drawn, and goes on with the next order', async () => {
    const story = await told();
    const path = `stories/${story.id}/illustrations`;
    let drawn = 0;
    const busy: Behaviour = { kind: 'status', status: 429, retryAfter: 60 };
    upstream.behave((request) => {
      if (!request.path.includes('/images/')) return answersWell(request);
      drawn += 1;
      return drawn > 2 ? busy : { kind: 'ok' };
    });
    const { status, json } = await user.post(path, {});
    expect(status).toBe(200);
    expect(json.data).toMatchObject({ generated: 2, failed: 0, illustrationCount: 2 });
    const statuses = json.data.illustrations.map((one: { generationStatus: string }) => one.generationStatus);
    expect(statuses).toEqual(['completed', 'completed', 'pending', 'pending']);
    expect((await usage()).illustration_generation.remaining).toBe(18);

    const refused = await user.post(path, {});
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({
      error: 'RateLimitExceeded',
      resetAt: expect.stringMatching(WHOLE_SECOND),
    });
    expect((await user.get(`stories/${story.id}`)).json.data).toMatchObject({
      illustrationCount: 2,
      illustrationStatus: json.data.illustrationStatus,
    });

    upstream.behave(answersWell);
    expect((await user.post(path, {})).json.data).toMatchObject({
      generated: 2,
      status: 'completed',
      illustrationCount: 4,
    });
    expect((await usage()).illustration_generation.remaining).toBe(16);
  });

  it('draws the other scenes when one fails, tries that one again three times, and then no more', async () => {
    const story = await told();
    const path = `stories/${story.id}/illustrations`;
    const isFox = ({ body }: FakeOpenAIRequest) => String(body.prompt).includes('fox');
    upstream.behave((request) =>
      isFox(request) ? { kind: 'status', status: 400, code: 'moderation_blocked' } : answersWell(request),
    );
    const first = await user.post(path, {});
    expect(first.json.data).toMatchObject({
      generated: 3,
      failed: 1,
      status: 'partial',
      illustrationCount: 3,
    });
    expect(first.json.data.illustrations[1]).toMatchObject({
      generationStatus: 'failed',
      generationError: expect.any(String),
      retryCount: 1,
      imageUrl: '',
    });
    expect((await usage()).illustration_generation.remaining).toBe(17);
    for (const retryCount of [2, 3]) {
      const again = await user.post(path, {});
      expect(again.json.data).toMatchObject({ generated: 0, failed: 1, status: 'partial' });
      expect(again.json.data.illustrations[1].retryCount).toBe(retryCount);
    }
    upstream.requests.length = 0;
    expect((await user.post(path, {})).json.data).toMatchObject({
      generated: 0,
      failed: 0,
      status: 'partial',
    });
    expect(upstream.requests).toHaveLength(0);
    const { progress, failed, total } = (await user.get(`${path}/status`)).json.data;
    expect({ progress, failed, total }).toEqual({ progress: 75, failed: 1, total: 4 });
  });

  it('tells the story even when its narration and pictures fail', async () => {
    const luna = await user.hero();
    upstream.behave((request) =>
      request.path.endsWith('/chat/completions') ? answersWell(request) : { kind: 'status', status: 400 },
    );
    const { status, json } = await user.post('stories', {
      heroId: luna.id,
      language: 'en',
      generateAudio: true,
      generateIllustrations: true,
    });
    expect(status).toBe(201);
    expect(json.data).toMatchObject({
      audioGenerationStatus: 'failed',
      audioUrl: null,
      illustrationStatus: 'failed',
      illustrationCount: 0,
    });
    expect(await usage()).toMatchObject({
      story_generation: { remaining: 4 },
      audio_generation: { remaining: 10 },
      illustration_generation: { remaining: 20 },
    });
  });

  once('keeps no half portrait', async () => {
    const luna = await user.hero();
    for (const fault of [{ kind: 'json' }, { kind: 'bytes', bytes: Buffer.from('no picture') }] as const) {
      upstream.behave(() => fault);
      expect((await user.post(`heroes/${luna.id}/avatar`, {})).status).toBe(502);
    }
    expect((await user.get(`heroes/${luna.id}`)).json.data).toEqual(luna);
    expect((await usage()).avatar_generation.remaining).toBe(3);
  });

  once(
    'does not wait for a silent upstream when the server stops, and finishes the order after the start',
    async () => {
      const ground = await layGround(stack);
      try {
        const first = await startStoriesApp(stack, { ground, environment: environment() });
        const guest = await first.signUp();
        const story = await guest.story((await guest.hero()).id);
        upstream.behave(() => ({ kind: 'hang' }));
        const ordered = await guest.post(
          `stories/${story.id}/audio`,
          { language: 'en' },
          { prefer: 'respond-async' },
        );
        expect(ordered.status).toBe(202);
        await eventually(
          async () => upstream.requests.some(({ path }) => path.endsWith('/audio/speech')),
          (isAsked) => isAsked,
          30_000,
        );
        const stopped = performance.now();
        await first.stop();
        expect(performance.now() - stopped).toBeLessThan(25_000);
        upstream.behave(answersWell);
        const second = await startStoriesApp(stack, { ground, environment: environment() });
        const back = await second.as(guest.userId);
        await eventually(
          async () => (await back.get(`stories/${story.id}/audio`)).json.data.status,
          (status) => status === 'completed',
          30_000,
        );
        expect((await back.get('user/usage')).json.data.audio_generation.remaining).toBe(9);
        await second.stop();
      } finally {
        await ground.remove();
      }
    },
    90_000,
  );
});
