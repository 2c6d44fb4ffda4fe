import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStoryMedia } from '../../../src/apps/stories/files/story-media.js';
import { createRecords } from '../../../src/apps/stories/records.js';
import type { IllustrationRow } from '../../../src/apps/stories/tables.js';
import { uuidV7 } from '../../../src/platform/ids.js';
import { movableClock, stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

describe.each(stacks)('stories, on %s', (stack) => {
  let app: StoriesApp;
  let user: StoriesUser;
  const clock = movableClock();
  beforeAll(async () => {
    app = await startStoriesApp(stack, { clock });
    user = await app.signUp();
  });
  afterAll(() => app.stop());

  const records = () => createRecords(app.platform, createStoryMedia(app.platform));

  /** A scene as generation leaves it. */
  const scene = (of: StoriesUser, storyId: string, order: number, more: Partial<IllustrationRow> = {}) => {
    const { database, changes } = app.platform;
    return database.transaction(async (tx) => {
      const version = await changes.next(tx, of.userId);
      return records().stores.illustrations.insert(tx, {
        id: uuidV7(clock.now()),
        user_id: of.userId,
        story_id: storyId,
        image_key: null,
        image_prompt: `prompt ${order}`,
        scene_description: `scene ${order}`,
        display_order: order,
        audio_timestamp: order * 4.5,
        audio_duration: null,
        generation_id: null,
        previous_generation_id: null,
        status: 'pending',
        error: null,
        retry_count: 0,
        created_at: clock.now(),
        version,
        ...more,
      });
    });
  };

  /** What narration leaves on a story. */
  const narrated = async (of: StoriesUser, storyId: string): Promise<string> => {
    const { database, changes, media } = app.platform;
    const key = `audio/${of.userId}/1-${storyId}.mp3`;
    await media.put(key, Buffer.from('sound'));
    await database.transaction(async (tx) => {
      const stamp = { version: await changes.next(tx, of.userId), now: clock.now() };
      await records().stores.stories.update(tx, { id: storyId, user_id: of.userId }, stamp, {
        audio_key: key,
        audio_status: 'completed',
        audio_duration: 12.5,
        audio_voice: 'nova',
        audio_language: 'en',
      });
    });
    return key;
  };

  it('§3.2 stores a story that has its words already, as it is and without an engine', async () => {
    const hero = await user.hero();
    const event = await user.event();
    const answer = await user.post('stories', {
      heroId: hero.id,
      title: 'The pond',
      content: 'There was a pond.',
      language: 'French',
      eventType: 'Rainy Day Magic',
      customEventId: event.id,
      isFavorite: true,
      playCount: 3,
      generateAudio: false,
      generateIllustrations: false,
      unknown: [],
    });
    expect(answer.status).toBe(201);
    expect(answer.json.data).toMatchObject({
      userId: user.userId,
      heroId: hero.id,
      title: 'The pond',
      content: 'There was a pond.',
      language: 'French',
      eventType: 'Rainy Day Magic',
      customEventId: event.id,
      isFavorite: true,
      playCount: 3,
      lastPlayedAt: null,
      audioUrl: null,
      audioDuration: null,
      audioGenerationStatus: 'pending',
      illustrationStatus: 'none',
      illustrationCount: 0,
      _count: { illustrations: 0 },
      hero: { id: hero.id, name: 'Luna', avatarUrl: null, age: 6, traits: ['Brave', 'Curious'] },
      customEvent: { id: event.id, title: event.title, usageCount: 0 },
    });
    expect((await user.get(`stories/${answer.json.data.id}`)).json.data).toEqual(answer.json.data);
    expect((await user.get(`heroes/${hero.id}`)).json.data._count.stories).toBe(1);
  });

  it('§9.11 takes null for nothing on create', async () => {
    const hero = await user.hero();
    const story = await user.story(hero.id, {
      eventType: null,
      customEventId: null,
      isFavorite: null,
      playCount: null,
    });
    expect(story).toMatchObject({ eventType: null, customEvent: null, isFavorite: false, playCount: 0 });
  });

  it('§9.4 accepts languages by name and by code, and lists them together', async () => {
    const own = await app.signUp();
    const hero = await own.hero();
    for (const language of ['French', 'fr', 'English']) await own.story(hero.id, { language });
    for (const language of ['French', 'fr']) {
      expect((await own.get(`stories?language=${language}`)).json.data.pagination.total).toBe(2);
    }
    const body = { heroId: hero.id, title: 't', content: 'c', language: 'Klingon' };
    const refused = await own.post('stories', body);
    expect(refused.status).toBe(400);
    expect(refused.json.details).toHaveProperty('language');
  });

  it.each([
    [{ heroId: undefined }, 'heroId'],
    [{ title: undefined }, 'title'],
    [{ title: '' }, 'title'],
    [{ content: '' }, 'content'],
    [{ content: 'x'.repeat(100_001) }, 'content'],
    [{ isFavorite: 'yes' }, 'isFavorite'],
    [{ playCount: -1 }, 'playCount'],
    [{ playCount: 1.5 }, 'playCount'],
  ])('refuses %j by name', async (wrong, field) => {
    const hero = await user.hero();
    const body = { heroId: hero.id, title: 't', content: 'c', language: 'en', ...wrong };
    const answer = await user.post('stories', body);
    expect(answer.status).toBe(400);
    expect(answer.json.error).toBe('ValidationError');
    expect(Object.keys(answer.json.details)).toEqual([field]);
  });

  it('wants the hero and the event to be there and to be one’s own', async () => {
    const other = await app.signUp();
    const [theirs, theirEvent] = [await other.hero(), await other.event()];
    const hero = await user.hero();
    const body = { title: 't', content: 'c', language: 'en' };
    const status = async (more: object) => (await user.post('stories', { ...body, ...more })).status;
    expect(await status({ heroId: theirs.id })).toBe(403);
    expect(await status({ heroId: 'nobody' })).toBe(404);
    expect(await status({ heroId: hero.id, customEventId: theirEvent.id })).toBe(403);
    expect(await status({ heroId: hero.id, customEventId: 'nothing' })).toBe(404);
    expect((await user.get(`heroes/${hero.id}`)).json.data._count.stories).toBe(0);
  });

  it('lists newest first with filters', async () => {
    const own = await app.signUp();
    const [luna, leo] = [await own.hero({ name: 'Luna' }), await own.hero({ name: 'Leo' })];
    for (const [hero, title, isFavorite] of [
      [luna, 'a', true],
      [leo, 'b', false],
      [luna, 'c', false],
    ] as const) {
      await own.story(hero.id, { title, isFavorite });
      clock.advance(10);
    }
    const titles = async (query: string) =>
      (await own.get(`stories${query}`)).json.data.stories.map(({ title }: { title: string }) => title);
    expect(await titles('')).toEqual(['c', 'b', 'a']);
    expect(await titles(`?heroId=${luna.id}`)).toEqual(['c', 'a']);
    expect(await titles('?isFavorite=true')).toEqual(['a']);
    expect(await titles('?isFavorite=false')).toEqual(['c', 'b', 'a']);
    expect(await titles('?limit=1&offset=1')).toEqual(['b']);
    expect(await titles('?heroId=nobody')).toEqual([]);
    const { pagination } = (await own.get('stories?limit=2')).json.data;
    expect(pagination).toEqual({ total: 3, limit: 2, offset: 0, hasMore: true });
  });

  it('§8.17 tells only stories that changed strictly after an instant', async () => {
    const own = await app.signUp();
    const hero = await own.hero();
    const [first, second] = [await own.story(hero.id), await own.story(hero.id)];
    expect(second.updatedAt > first.updatedAt).toBe(true);
    const after = async (cursor: string) =>
      (await own.get(`stories?updatedAfter=${cursor}`)).json.data.stories;
    expect(await after(second.updatedAt)).toEqual([]);
    const changed = (await own.patch(`stories/${first.id}`, { title: 'Another' })).json.data;
    expect((await after(second.updatedAt)).map(({ id }: { id: string }) => id)).toEqual([first.id]);
    expect(await after(changed.updatedAt)).toEqual([]);
    expect((await own.get('stories?updatedAfter=soon')).status).toBe(400);
  });

  it('brings pictures along in their order when asked to', async () => {
    const own = await app.signUp();
    const hero = await own.hero();
    const [one, two] = [await own.story(hero.id), await own.story(hero.id)];
    for (const order of [2, 0, 1]) await scene(own, one.id, order);
    const listed = (await own.get('stories?includeIllustrations=true')).json.data.stories;
    const of = (id: string) => listed.find((story: { id: string }) => story.id === id);
    expect(
      of(one.id).illustrations.map(({ displayOrder }: { displayOrder: number }) => displayOrder),
    ).toEqual([0, 1, 2]);
    expect(of(two.id).illustrations).toEqual([]);
    expect(of(one.id)._count.illustrations).toBe(3);
    const detail = (await own.get(`stories/${one.id}?includeIllustrations=true`)).json.data;
    expect(detail.illustrations[1]).toMatchObject({
      storyId: one.id,
      imageUrl: '',
      imagePrompt: 'prompt 1',
      sceneDescription: 'scene 1',
      generationStatus: 'pending',
      displayOrder: 1,
      audioTimestamp: 4.5,
      previousGenerationId: null,
      retryCount: 0,
    });
    expect((await own.get(`stories/${one.id}`)).json.data).not.toHaveProperty('illustrations');
  });

  it('tells how far the pictures are, and §8.36 which one came before', async () => {
    const own = await app.signUp();
    const story = await own.story((await own.hero()).id);
    const key = `illustration/${own.userId}/1-x.png`;
    await scene(own, story.id, 0, { status: 'completed', image_key: key, generation_id: 'g0' });
    await scene(own, story.id, 1, { status: 'failed', error: 'Timeout', retry_count: 2 });
    await scene(own, story.id, 2, { previous_generation_id: 'g0' });
    const status = (await own.get(`stories/${story.id}/illustrations/status`)).json.data;
    expect(status).toMatchObject({
      status: 'none',
      progress: 33,
      total: 3,
      completed: 1,
      processing: 0,
      failed: 1,
      pending: 1,
    });
    expect(status.illustrations[1]).toMatchObject({
      displayOrder: 1,
      status: 'failed',
      error: 'Timeout',
      retryCount: 2,
      hasImage: false,
    });
    expect(status.illustrations[0].hasImage).toBe(true);
    const { illustrations, total } = (await own.get(`stories/${story.id}/illustrations`)).json.data;
    expect(total).toBe(3);
    expect(illustrations[0].imageUrl).toContain(key);
    expect(illustrations[2].previousGenerationId).toBe('g0');
  });

  it('removes one picture by sync and counts the rest', async () => {
    const own = await app.signUp();
    const story = await own.story((await own.hero()).id);
    const drawn = await scene(own, story.id, 0, { status: 'completed' });
    const failed = await scene(own, story.id, 1, { status: 'failed' });
    const { rooms } = records();
    const { database } = app.platform;
    await database.transaction((tx) => rooms.illustration.remove(tx, own.userId, failed.id));
    expect((await own.get(`stories/${story.id}`)).json.data).toMatchObject({
      illustrationStatus: 'completed',
      illustrationCount: 1,
    });
    const other = await app.signUp();
    const foreign = database.transaction((tx) => rooms.illustration.remove(tx, other.userId, drawn.id));
    await expect(foreign).rejects.toMatchObject({ statusCode: 403 });
    const made = database.transaction((tx) => rooms.illustration.create(tx, own.userId, {}));
    await expect(made).rejects.toMatchObject({ statusCode: 400 });
  });

  it('other words make the narration void and erase it; the same words do not', async () => {
    const own = await app.signUp();
    const story = await own.story((await own.hero()).id);
    const key = await narrated(own, story.id);
    const same = await own.patch(`stories/${story.id}`, {
      content: story.content,
      title: 'New',
      isFavorite: true,
    });
    expect(same.json.data).toMatchObject({
      title: 'New',
      isFavorite: true,
      audioGenerationStatus: 'completed',
    });
    expect(same.json.data.audioUrl).toContain(key);
    const reworded = await own.patch(`stories/${story.id}`, { content: 'Other words.' });
    expect(reworded.json.data).toMatchObject({
      content: 'Other words.',
      audioGenerationStatus: 'pending',
      audioUrl: null,
      audioDuration: null,
    });
    await expect.poll(() => app.platform.media.stat(key), { timeout: 10_000 }).toBeNull();
  });

  it.each([{ title: '' }, { content: '' }, { isFavorite: 1 }, { language: 'Klingon' }, { title: 3 }])(
    'refuses the change %j and changes nothing',
    async (wrong) => {
      const story = await user.story((await user.hero()).id);
      const answer = await user.patch(`stories/${story.id}`, wrong);
      expect(answer.status).toBe(400);
      expect((await user.get(`stories/${story.id}`)).json.data).toEqual(story);
    },
  );

  it('leaves a story as it is when nothing is to be changed', async () => {
    const story = await user.story((await user.hero()).id);
    for (const nothing of [{}, { title: null, isFavorite: null }, { unknown: 1 }, undefined]) {
      const answer = await user.patch(`stories/${story.id}`, nothing);
      expect(answer.status).toBe(200);
      expect(answer.json.data.updatedAt).toBe(story.updatedAt);
    }
  });

  it('refuses to overwrite what another device wrote, and shows it', async () => {
    const story = await user.story((await user.hero()).id);
    await user.patch(`stories/${story.id}`, { title: 'Theirs' });
    const mine = { title: 'Mine', baseUpdatedAt: story.updatedAt };
    const stale = await user.patch(`stories/${story.id}`, mine);
    expect(stale.status).toBe(409);
    expect(stale.json).toMatchObject({ error: 'Conflict', data: { id: story.id, title: 'Theirs' } });
  });

  it('deletes a story with its pictures and sound, and leaves tombstones', async () => {
    const own = await app.signUp();
    const story = await own.story((await own.hero()).id);
    const key = await narrated(own, story.id);
    const drawn = await scene(own, story.id, 0);
    const answer = await own.delete(`stories/${story.id}`);
    expect(answer.status).toBe(200);
    expect(answer.json.data).toEqual({ id: story.id });
    expect((await own.get(`stories/${story.id}/illustrations`)).status).toBe(404);
    const { changes } = await app.platform.changes.since(own.userId, 0, 100);
    expect(changes.filter(({ deleted }) => deleted).map(({ type, id }) => [type, id])).toEqual([
      ['story', story.id],
      ['illustration', drawn.id],
    ]);
    await expect.poll(() => app.platform.media.stat(key), { timeout: 10_000 }).toBeNull();
    expect((await own.delete(`stories/${story.id}`)).status).toBe(404);
  });

  it('tells another family that a story is not theirs, and what does not exist that it does not', async () => {
    const story = await user.story((await user.hero()).id);
    const other = await app.signUp();
    const requests = (of: StoriesUser, id: string) => [
      of.get(`stories/${id}`),
      of.patch(`stories/${id}`, { title: 'Mine' }),
      of.delete(`stories/${id}`),
      of.get(`stories/${id}/illustrations`),
      of.get(`stories/${id}/illustrations/status`),
    ];
    for (const answer of await Promise.all(requests(other, story.id))) {
      expect(answer.status).toBe(403);
      expect(answer.json).toMatchObject({ error: 'Forbidden', message: 'This belongs to someone else.' });
    }
    for (const answer of await Promise.all(requests(user, 'no-such-story'))) {
      expect(answer.status).toBe(404);
      expect(answer.json.error).toBe('NotFound');
    }
    expect((await user.get(`stories/${story.id}`)).json.data).toEqual(story);
  });
});
