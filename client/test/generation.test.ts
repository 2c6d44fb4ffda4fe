import { describe, expect, test } from 'vitest';
import type { GenerationWish } from '../src/index.js';
import { defaultConflictPolicies, illustrationAt } from '../src/index.js';
import { takeIn } from '../src/sync/server-values.js';
import type { Device } from './support/device.js';
import { createDevice, lighthouse, luna } from './support/device.js';
import type { FakeServer, Request } from './support/fake-server.js';
import { createFakeServer, errorAnswer, json } from './support/fake-server.js';

/** A hero, an event and a story that the server has, and its answers about them. */
async function family(): Promise<{ server: FakeServer; device: Device; asked: Request[] }> {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  server.put('customEvent', 'e1', { title: 'Zoo', promptSeed: 'Animals' });
  server.put('story', 's1', { ...lighthouse, heroId: 'h1' });
  const asked: Request[] = [];
  const value = (type: 'hero' | 'story' | 'customEvent', id: string) =>
    server.rows(type).find((row) => row.id === id)?.value ?? null;
  const picture = { id: 'i1', imageUrl: '/api/media/i1.png', generationStatus: 'completed' };
  server.route = (request) => {
    const { method, path } = request;
    if (path.startsWith('/api/sync/')) return undefined;
    if (method === 'POST') asked.push(request);
    switch (`${method} ${path}`) {
      case 'POST /api/stories':
        return json({ data: { ...lighthouse, ...(request.body as object), id: 's2', playCount: 0 } }, 201);
      case 'POST /api/stories/s1/audio':
        return json({ data: { audioUrl: '/api/media/s1.mp3', audioDuration: 61, status: 'completed' } });
      case 'POST /api/stories/s1/illustrations':
        return json({ data: { ...value('story', 's1'), generated: 1, failed: 0, status: 'completed' } });
      case 'GET /api/stories/s1/illustrations/status':
        return json({ data: { status: 'processing', progress: 50, total: 2, completed: 1 } });
      case 'GET /api/stories/s1':
        return json({
          data: { ...value('story', 's1'), audioUrl: '/api/media/s1.mp3', illustrations: [picture] },
        });
      case 'POST /api/heroes/h1/avatar':
        return json({ data: { heroId: 'h1', avatarUrl: '/api/media/h1.png' } });
      case 'POST /api/heroes/h1/visual-profile/extract':
        return json({ data: { id: 'p1', heroId: 'h1' } }, 201);
      case 'GET /api/heroes/h1':
        return json({ data: { ...value('hero', 'h1'), avatarUrl: '/api/media/h1.png' } });
      case 'POST /api/custom-events/e1/enhance':
        return json({
          data: { ...value('customEvent', 'e1'), aiEnhanced: true, promptSeed: 'Many animals' },
        });
      default:
        return undefined;
    }
  };
  const device = await createDevice(server);
  await device.synced();
  return { server, device, asked };
}

describe('what the intelligence of the server makes', () => {
  test('a story is told about a hero and an event by their ids on the server, and kept', async () => {
    const { device, asked } = await family();
    const hero = await device.heroes.create({ ...luna, name: 'Local' });
    const request = { heroId: hero.id, customEventId: 'e1', language: 'English' };
    await expect(device.generation.story(request)).rejects.toMatchObject({ code: 'notUploaded' });
    await device.synced();
    const story = await device.generation.story(request, { idempotencyKey: 'once' });
    expect(asked[0]?.body).toEqual({ heroId: 'server-1', customEventId: 'e1', language: 'English' });
    expect(asked[0]?.headers.get('idempotency-key')).toBe('once');
    expect(story).toMatchObject({ id: 's2', heroId: hero.id });
    expect((await device.stories.get('s2', { policy: 'cacheOnly' })).title).toBe(lighthouse.title);
  });

  test('a narration and pictures are made, and the story has their fresh addresses', async () => {
    const { device, asked } = await family();
    const audio = await device.generation.audio('s1', { language: 'English', voice: 'coral' });
    expect(audio).toMatchObject({ audioDuration: 61 });
    expect((await device.stories.get('s1', { policy: 'cacheOnly' })).audioUrl).toBe('/api/media/s1.mp3');
    await device.generation.illustrations('s1', { style: 'hd', maxIllustrations: 3 });
    expect(asked.map(({ body }) => body)).toEqual([
      { language: 'English', voice: 'coral' },
      { style: 'hd', maxIllustrations: 3 },
    ]);
    const [picture] = await device.illustrations.ofStory('s1', { policy: 'cacheOnly' });
    expect(picture).toMatchObject({ id: 'i1', storyId: 's1', imageUrl: '/api/media/i1.png' });
    expect(await device.generation.illustrationsProgress('s1')).toMatchObject({ progress: 50 });
  });

  test('an avatar, a visual profile and a better event are asked for and kept', async () => {
    const { device } = await family();
    await device.generation.avatar('h1', { prompt: 'Red boots' });
    expect((await device.heroes.get('h1', { policy: 'cacheOnly' })).avatarUrl).toBe('/api/media/h1.png');
    await device.generation.visualProfile('h1');
    const event = await device.generation.enhanceEvent('e1');
    expect(event).toMatchObject({ aiEnhanced: true, promptSeed: 'Many animals' });
    await device.heroes.delete('h1');
    await expect(device.generation.avatar('h1')).rejects.toMatchObject({ code: 'notFound' });
    await expect(device.generation.avatar('s1')).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('wishes that wait for the network', () => {
  const wishes: readonly GenerationWish[] = [
    { kind: 'story', request: { heroId: 'h1', language: 'English' } },
    { kind: 'audio', storyId: 's1', language: 'English', voice: 'coral' },
    { kind: 'illustrations', storyId: 's1', style: 'hd', maxIllustrations: 2 },
    { kind: 'avatar', heroId: 'h1', prompt: 'Red boots' },
    { kind: 'avatar', heroId: 'h1' },
  ];

  test('are fulfilled in their order, each once under its own key', async () => {
    const { device, asked } = await family();
    device.manual.set({ connected: false });
    const kept = [];
    for (const wish of wishes) {
      kept.push(await device.generation.later(wish));
      device.world.skip(1);
    }
    expect(await device.generation.runWaiting()).toBe(0);
    expect(await device.generation.waiting()).toHaveLength(5);
    device.manual.set({ connected: true });
    const [first, second] = [device.generation.runWaiting(), device.generation.runWaiting()];
    expect(await first).toBe(5);
    expect(await second).toBe(5);
    expect(asked.map(({ headers }) => headers.get('idempotency-key'))).toEqual(kept.map(({ id }) => id));
    expect(await device.generation.waiting()).toEqual([]);
  });

  test('wait for their hero, end at a refusal, and can be tried again or forgotten', async () => {
    const { device, server } = await family();
    const hero = await device.heroes.create(luna);
    await device.generation.later({ kind: 'avatar', heroId: hero.id });
    expect(await device.generation.runWaiting()).toBe(0);
    expect(await device.generation.waiting()).toMatchObject([{ failed: false, attemptCount: 0 }]);
    await device.heroes.delete(hero.id);
    await device.generation.runWaiting();
    const [gone] = await device.generation.waiting();
    expect(gone).toMatchObject({ failed: true, error: 'This does not exist any more.' });
    await device.generation.forget(gone?.id ?? '');
    expect(await device.generation.waiting()).toEqual([]);

    const { route } = server;
    server.route = (request) =>
      request.path === '/api/heroes/h1/avatar' ? errorAnswer(500, 'InternalServerError') : route(request);
    const wish = await device.generation.later({ kind: 'avatar', heroId: 'h1' });
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const run = device.generation.runWaiting();
      await device.world.pass(600_000);
      await run;
      expect(await device.generation.waiting()).toMatchObject([
        { attemptCount: attempt, failed: attempt === 5 },
      ]);
    }
    server.route = route;
    expect(await device.generation.runWaiting()).toBe(0);
    await device.generation.retry(wish.id);
    expect(await device.generation.runWaiting()).toBe(1);
  });

  test('for an entity that came by a pull before its own create was answered are for that entity', async () => {
    const { device, server } = await family();
    const hero = await device.heroes.create(luna);
    const event = await device.customEvents.create({ title: 'Lake', promptSeed: 'Water' });
    server.fate = ({ path }) => (path === '/api/sync/push' ? 'replyLost' : 'arrives');
    await device.sync.sync();
    server.fate = ({ path }) => (path === '/api/sync/push' ? 'requestLost' : 'arrives');
    // The pull alone, as another tab might do it.
    const twins = server.rows().filter(({ id }) => id.startsWith('server-'));
    await device.store.write(async (tx) => {
      for (const { type, id, version, value } of twins) {
        const context = {
          environment: device.world,
          epoch: server.epoch,
          policies: defaultConflictPolicies,
          told: () => undefined,
        };
        await takeIn(tx, context, { type, id, version, value });
      }
    });
    const [heroTwin = '', eventTwin = ''] = twins.map(({ id }) => id);
    await device.generation.later({ kind: 'avatar', heroId: heroTwin });
    await device.generation.later({ kind: 'audio', storyId: 's1', language: 'English', voice: 'coral' });
    await device.generation.later({
      kind: 'story',
      request: { heroId: heroTwin, customEventId: eventTwin, language: 'English' },
    });
    server.fate = () => 'arrives';
    await device.synced();
    const waiting = await device.generation.waiting();
    expect(waiting.find(({ kind }) => kind === 'avatar')).toMatchObject({ heroId: hero.id });
    expect(waiting.find(({ kind }) => kind === 'audio')).toMatchObject({ storyId: 's1' });
    expect(waiting.find(({ kind }) => kind === 'story')).toMatchObject({
      request: { heroId: hero.id, customEventId: event.id, language: 'English' },
    });
  });
});

describe('the library of stories', () => {
  test('is searched by hero, language, favourites and words', async () => {
    const { device, server } = await family();
    server.put('story', 's3', {
      title: 'La mer',
      content: 'Il était une fois un hibou',
      heroId: 'h1',
      language: 'French',
      isFavorite: true,
    });
    await device.synced();
    const found = async (query: Parameters<Device['stories']['find']>[0]) =>
      (await device.stories.find({ policy: 'cacheOnly', ...query })).items.map(({ id }) => id).sort();
    expect(await found({})).toEqual(['s1', 's3']);
    expect(await found({ language: 'French' })).toEqual(['s3']);
    expect(await found({ isFavorite: true })).toEqual(['s3']);
    expect(await found({ heroId: 'nobody' })).toEqual([]);
    expect(await found({ search: ' HIBOU  mer' })).toEqual(['s3']);
    expect(await found({ search: 'hibou lighthouse' })).toEqual([]);
  });

  test('pictures of a story are there at once, and told again when the server has more', async () => {
    const { device, server } = await family();
    server.put('illustration', 'i1', { storyId: 's1', displayOrder: 1, imageUrl: '/1' });
    await device.synced();
    server.put('illustration', 'i2', { storyId: 's1', displayOrder: 0, imageUrl: '/2' });
    const later = new Promise<readonly string[]>((resolve) => {
      device.illustrations
        .ofStory('s1', { later: (items) => resolve(items.map(({ id }) => id)) })
        .then((items) => expect(items.map(({ id }) => id)).toEqual(['i1']), resolve);
    });
    expect(await later).toEqual(['i2', 'i1']);
  });

  test('the picture at a time is the newest that has begun, else the first, among those that are drawn', () => {
    const scenes = [
      { audioTimestamp: 30, generationStatus: 'completed', name: 'third' },
      { audioTimestamp: 5, generationStatus: 'completed', name: 'first' },
      { audioTimestamp: 20, generationStatus: 'failed', name: 'second' },
    ];
    const at = (seconds: number) => illustrationAt(scenes, seconds)?.name;
    expect([at(0), at(5), at(25), at(30), at(99)]).toEqual(['first', 'first', 'first', 'third', 'third']);
    expect(illustrationAt([], 3)).toBeUndefined();
  });
});
