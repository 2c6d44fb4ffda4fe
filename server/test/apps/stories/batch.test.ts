import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Json = any;
const heroItem = (id: string, more: Json = {}) => ({
  id,
  name: `Hero ${id}`,
  age: 6,
  traits: ['Kind'],
  ...more,
});

describe.each(stacks)('§3.7 batches on %s', (stack) => {
  let app: StoriesApp;
  beforeAll(async () => {
    app = await startStoriesApp(stack);
  });
  afterAll(() => app.stop());

  const batch = async (user: StoriesUser, path: string, body: Json): Promise<Json> => {
    const { status, json, text } = await user.post(path, body);
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return json;
  };
  const storyItem = (id: string, heroId: string, more: Json = {}) => ({
    id,
    heroId,
    title: `Story ${id}`,
    content: 'Once there was a lighthouse that hummed.',
    ...more,
  });
  const total = async (user: StoriesUser, list: string) => (await user.get(list)).json.data.pagination.total;

  it('takes in heroes, then stories and events that use them, on every path', async () => {
    const user = await app.signUp();
    const answer = await batch(user, '/api/batch', {
      heroes: [heroItem('a', { specialAbilities: ['Flying'], hairColor: 'red' }), heroItem('b')],
    });
    expect(answer).toMatchObject({ success: true, created: 2, failed: 0, total: 2 });
    expect(answer.results).toMatchObject({ failed: [], total: 2 });
    expect(answer.results.created.map(({ localId, name }: Json) => [localId, name])).toEqual([
      ['a', 'Hero a'],
      ['b', 'Hero b'],
    ]);
    const heroId = answer.results.created[0].serverId;
    expect((await user.get(`heroes/${heroId}`)).json.data).toMatchObject({
      specialAbilities: ['Flying'],
      hairColor: 'red',
    });
    const stories = await batch(user, '/api/batch/stories', {
      stories: [storyItem('s', heroId, { isFavorite: true, eventType: 'Bedtime Adventure' })],
    });
    const { json } = await user.get(`stories/${stories.results.created[0].serverId}`);
    expect(json.data).toMatchObject({ title: 'Story s', language: 'en', isFavorite: true, heroId });
    expect(stories.results.created[0].title).toBe('Story s');
    const events = await batch(user, '/api/v1/batch/custom-events', {
      customEvents: [{ id: 'e', title: 'Pool day', promptSeed: 'Floating' }],
    });
    expect(events).toMatchObject({ success: true, created: 1 });
    expect((await batch(user, '/api/batch/heroes', { heroes: [] })).total).toBe(0);
  });

  it('makes nothing twice when a migration is resumed, however often and at once', async () => {
    const user = await app.signUp();
    const body = { heroes: Array.from({ length: 40 }, (_, n) => heroItem(`local-${n}`)) };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => batch(user, '/api/batch/heroes', body)),
    );
    const ids = answers.map(({ results }) => results.created.map(({ serverId }: Json) => serverId));
    for (const one of ids) expect(one).toEqual(ids[0]);
    expect(await total(user, 'heroes')).toBe(40);
  });

  it('loses no item for a bad one, and takes the mended one later', async () => {
    const user = await app.signUp();
    const heroes: Json[] = [
      heroItem('1'),
      heroItem('2', { age: 99 }),
      { name: 'Without an id', age: 6, traits: ['Kind'] },
      'nonsense',
      null,
      heroItem('3', { avatarUrl: 'https://elsewhere.example/a.png' }),
      heroItem('4'),
    ];
    const answer = await batch(user, '/api/batch', { heroes });
    expect(answer).toMatchObject({ success: false, created: 2, failed: 5, total: 7 });
    expect(answer.results.failed[0]).toEqual({
      localId: '2',
      name: 'Hero 2',
      error: expect.stringMatching(/age/),
    });
    expect(await total(user, 'heroes')).toBe(2);
    const again = await batch(user, '/api/batch', { heroes: [heroItem('1'), heroItem('2')] });
    expect([again.created, again.failed]).toEqual([2, 0]);
    expect(await total(user, 'heroes')).toBe(3);
  });

  it('makes anew what was deleted since, so that a migration after a rollback works', async () => {
    const user = await app.signUp();
    const first = await batch(user, '/api/batch', { heroes: [heroItem('x')] });
    await user.delete(`heroes/${first.results.created[0].serverId}`);
    const second = await batch(user, '/api/batch', { heroes: [heroItem('x')] });
    expect(second.results.created[0].serverId).not.toBe(first.results.created[0].serverId);
    expect(await total(user, 'heroes')).toBe(1);
  });

  it('keeps users apart, and takes no hero of somebody else', async () => {
    const [user, stranger] = [await app.signUp(), await app.signUp()];
    const mine = await batch(user, '/api/batch', { heroes: [heroItem('same')] });
    const theirs = await batch(stranger, '/api/batch', { heroes: [heroItem('same')] });
    const [heroId, otherId] = [mine, theirs].map(({ results }) => results.created[0].serverId);
    expect(heroId).not.toBe(otherId);
    const answer = await batch(stranger, '/api/batch/stories', {
      stories: [storyItem('1', heroId), storyItem('2', otherId)],
    });
    expect([answer.created, answer.failed, answer.results.failed[0].localId]).toEqual([1, 1, '1']);
  });

  it('takes media that were uploaded before', async () => {
    const user = await app.signUp();
    const uploaded = async (category: string, mimeType: string, bytes: Buffer) => {
      const { json } = await user.post('files/upload', {
        fileName: 'file',
        mimeType,
        fileSize: bytes.length,
        category,
      });
      await fetch(json.uploadUrl, { method: 'PUT', body: new Uint8Array(bytes) });
      return json.publicUrl;
    };
    const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(50)]);
    const avatarUrl = await uploaded('avatar', 'image/png', picture);
    const audioUrl = await uploaded('audio', 'audio/mpeg', Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'));
    const { results } = await batch(user, '/api/batch', { heroes: [heroItem('a', { avatarUrl })] });
    const hero = (await user.get(`heroes/${results.created[0].serverId}`)).json.data;
    expect((await fetch(hero.avatarUrl)).status).toBe(200);
    const stories = await batch(user, '/api/batch/stories', {
      stories: [
        storyItem('s', hero.id, { audioUrl, audioDuration: 12.5 }),
        storyItem('t', hero.id, { audioUrl: 'https://elsewhere.example/x.mp3' }),
      ],
    });
    expect([stories.created, stories.failed]).toEqual([1, 1]);
    const story = (await user.get(`stories/${stories.results.created[0].serverId}`)).json.data;
    expect(story).toMatchObject({ audioDuration: 12.5, audioGenerationStatus: 'completed' });
    expect((await fetch(story.audioUrl)).status).toBe(200);
  });

  it('refuses more than a hundred, and what is no list', async () => {
    const user = await app.signUp();
    const heroes = Array.from({ length: 101 }, (_, n) => heroItem(`${n}`));
    for (const body of [{ heroes }, { heroes: 'many' }, { heroes: { 0: heroItem('a') } }, {}]) {
      const { status, json } = await user.post('/api/batch', body);
      expect([status, json.error]).toEqual([400, 'ValidationError']);
    }
    expect((await fetch(`${app.url}/api/batch`, { method: 'POST' })).status).toBe(401);
  });

  it('§8.20 creates 50 in under 3 s', async () => {
    const user = await app.signUp();
    const started = performance.now();
    const heroes = Array.from({ length: 50 }, (_, n) => heroItem(`${n}`));
    expect((await batch(user, '/api/batch', { heroes })).created).toBe(50);
    const ms = performance.now() - started;
    console.log(`batch of 50 heroes on ${stack}: ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(3_000);
  });
});
