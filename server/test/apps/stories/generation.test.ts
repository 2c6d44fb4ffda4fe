import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audioDuration } from '../../../src/platform/audio/duration.js';

import { eventually, stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

describe.each(stacks)('stories by the built-in engines, on %s', (stack) => {
  let app: StoriesApp;
  let user: StoriesUser;
  beforeAll(async () => {
    app = await startStoriesApp(stack);
  });
  afterAll(async () => {
    await app.stop();
  });

  const tell = async (more: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
    user = await app.signUp();
    const hero = await user.hero();
    return user.post(
      'stories',
      { heroId: hero.id, language: 'English', eventType: 'Bedtime Adventure', ...more },
      headers,
    );
  };

  it.each(['English', 'fr'])(
    '§5 tells 300 to 500 words in %s, with three to eight scenes',
    async (language) => {
      const { status, json } = await tell({ language });
      expect(status).toBe(201);
      const { data } = json;
      const words = data.content.split(/\s+/).filter((word: string) => /\p{L}/u.test(word)).length;
      expect(words).toBeGreaterThanOrEqual(300);
      expect(words).toBeLessThanOrEqual(500);
      expect(data.content).toContain('Luna');
      expect(data).toMatchObject({
        language,
        audioGenerationStatus: 'pending',
        illustrationStatus: 'pending',
      });
      expect(data.illustrations.length).toBeGreaterThanOrEqual(3);
      expect(data.illustrations.length).toBeLessThanOrEqual(8);
      expect(data.illustrations[0]).toMatchObject({ displayOrder: 0, audioTimestamp: 0, imageUrl: '' });
      const usage = await user.get('user/usage');
      expect(usage.json.data.story_generation.remaining).toBe(4);
    },
  );

  it('says which languages the built-in storyteller knows', async () => {
    const { status, json } = await tell({ language: 'German' });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: 'ValidationError',
      message: expect.stringContaining('English and French'),
    });
  });

  it('gives one story for one Idempotency-Key, and counts it once', async () => {
    user = await app.signUp();
    const hero = await user.hero();
    const body = { heroId: hero.id, language: 'English', eventType: 'Family Time' };
    const answers = await Promise.all(
      [1, 2, 3].map(() => user.post('stories', body, { 'idempotency-key': 'once' })),
    );
    const later = await user.post('stories', body, { 'idempotency-key': 'once' });
    expect(new Set([...answers, later].map(({ json }) => json.data.id)).size).toBe(1);
    const other = await user.post('stories', { ...body, language: 'fr' }, { 'idempotency-key': 'once' });
    expect(other.status).toBe(409);
    expect((await user.get('user/usage')).json.data.story_generation.remaining).toBe(4);
  });

  it('§8.31 lets exactly five of twenty parallel orders through, and says truthfully when the next may come', async () => {
    user = await app.signUp();
    const hero = await user.hero();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        user.post('stories', {
          heroId: hero.id,
          language: 'English',
          eventType: 'Weekend Explorer',
          title: `${index}`,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(15);
    expect(refused[0]?.json).toMatchObject({
      error: 'RateLimitExceeded',
      operation: 'story_generation',
      limit: 5,
      remaining: 0,
      resetAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    const resetAt = Date.parse(refused[0]?.json.resetAt);
    expect(Math.abs(resetAt - Date.now() - 3_600_000)).toBeLessThan(60_000);
  }, 60_000);

  it('answers 202 to who would rather not wait, and tells the end', async () => {
    const { status, json } = await tell({}, { prefer: 'respond-async' });
    expect(status).toBe(202);
    expect(json.data.status).toBe('processing');
    const end = await eventually(
      () => user.get(json.data.statusUrl),
      (answer) => answer.json.data.status === 'completed',
    );
    expect((await user.get(`stories/${end.json.data.result.storyId}`)).status).toBe(200);
    const stranger = await app.signUp();
    expect((await stranger.get(json.data.statusUrl)).status).toBe(403);
  });

  it('§9.12 reads a story beyond 4,096 characters aloud as one valid MP3', async () => {
    user = await app.signUp();
    const hero = await user.hero();
    const content = 'The moon rose over the hill, and the owls began to sing. '.repeat(73);
    const story = await user.story(hero.id, { content });
    const { status, json } = await user.post(`stories/${story.id}/audio`, {
      language: 'English',
      voice: 'coral',
    });
    expect(status).toBe(200);
    expect(json.data).toMatchObject({ status: 'completed', voice: 'coral' });
    const audio = new Uint8Array(await (await fetch(json.data.audioUrl)).arrayBuffer());
    expect(await audioDuration(audio, 'mp3')).toBeCloseTo(json.data.audioDuration, 0);
  }, 120_000);

  it('reads a story again only in another voice, or after other words', async () => {
    user = await app.signUp();
    const story = await user.story((await user.hero()).id);
    const read = (voice: string) => user.post(`stories/${story.id}/audio`, { language: 'English', voice });
    const remaining = async () => (await user.get('user/usage')).json.data.audio_generation.remaining;
    await read('coral');
    const again = (await read('coral')).json.message;
    expect(again).toContain('already');
    expect(again).not.toContain('English only');
    expect(await remaining()).toBe(9);
    expect((await read('nova')).json.data.voice).toBe('nova');
    expect(await remaining()).toBe(8);
    const french = await user.post(`stories/${story.id}/audio`, { language: 'French', voice: 'nova' });
    expect(french.json.message).toMatch(/English only.*French/);
    expect(await remaining()).toBe(7);
    await user.patch(`stories/${story.id}`, { content: 'The lighthouse slept.' });
    expect((await read('nova')).json.data.audioDuration).toBeLessThan(5);
    expect(await remaining()).toBe(6);
  });

  it('draws a portrait by the wish of the user, three times an hour, and refuses what is not for children', async () => {
    user = await app.signUp();
    const hero = await user.hero();
    const unsafe = await user.post(`heroes/${hero.id}/avatar`, { prompt: 'naked' });
    expect(unsafe).toMatchObject({ status: 400, json: { message: 'Content safety check failed' } });
    const { status, json } = await user.post(`heroes/${hero.id}/avatar`, { prompt: 'with a red scarf' });
    expect(status).toBe(200);
    expect(json.data).toMatchObject({ heroId: hero.id, generationId: expect.any(String) });
    expect((await fetch(json.data.avatarUrl)).headers.get('content-type')).toBe('image/png');
    expect((await user.get('user/usage')).json.data.avatar_generation.remaining).toBe(2);
    const stranger = await app.signUp();
    expect((await stranger.post(`heroes/${hero.id}/avatar`, {})).status).toBe(403);
  });

  it('§9.7 draws the scenes and answers with the story and its counters', async () => {
    const { json } = await tell();
    const { id } = json.data;
    const { status, json: drawn } = await user.post(`stories/${id}/illustrations`, { maxIllustrations: 2 });
    expect(status).toBe(200);
    expect(drawn.data).toMatchObject({
      id,
      generated: 2,
      failed: 0,
      status: 'partial',
      illustrationCount: 2,
    });
    expect(drawn.data.illustrations[1].previousGenerationId).toBe(drawn.data.illustrations[0].generationId);
    const image = await fetch(drawn.data.illustrations[0].imageUrl);
    expect(image.headers.get('content-type')).toBe('image/png');
    expect((await user.get('user/usage')).json.data.illustration_generation.remaining).toBe(18);
    const empty = await user.story(json.data.heroId);
    expect((await user.post(`stories/${empty.id}/illustrations`, {})).status).toBe(400);
  }, 60_000);
});
