import { describe, expect, test } from 'vitest';
import type { ConflictPolicies, ConflictStrategy } from '../src/index.js';
import { decideConflict, defaultConflictPolicies } from '../src/index.js';
import { createDevice, lighthouse, luna } from './support/device.js';
import { createFakeServer } from './support/fake-server.js';

const base = { name: 'Luna', traits: ['Brave'], age: 6, updatedAt: '2026-11-21T12:00:00.000Z' };

describe('row 5: each cell of the conflict table', () => {
  const decide = (strategy: ConflictStrategy, changedAt = 0) =>
    decideConflict(
      {
        type: 'hero',
        intent: 'update',
        base,
        changes: { name: 'Mine', traits: ['Brave', 'Kind'] },
        changedAt,
        server: {
          ...base,
          name: 'Theirs',
          traits: ['Brave', 'Smart'],
          updatedAt: '2026-11-21T13:00:00.000Z',
        },
      },
      { ...defaultConflictPolicies, hero: strategy },
    );
  const mine = { name: 'Mine', traits: ['Brave', 'Kind'] };

  test.each([
    ['serverWins', { outcome: 'takeServer', discarded: mine }],
    ['localWins', { outcome: 'rebase', fields: mine, discarded: null }],
    ['merge', { outcome: 'rebase', fields: { name: 'Mine', traits: ['Brave', 'Kind', 'Smart'] } }],
    ['ask', { outcome: 'ask' }],
  ] as const)('a hero by %s', (strategy, decision) => expect(decide(strategy)).toMatchObject(decision));

  test('the last write wins by its time, and a tie goes to this device', () => {
    const theirs = Date.parse('2026-11-21T13:00:00.000Z');
    expect(decide('lastWriteWins', theirs - 1).outcome).toBe('takeServer');
    expect(decide('lastWriteWins', theirs).outcome).toBe('rebase');
  });

  test('what only one side changed is never in conflict', () => {
    const decision = decideConflict(
      {
        type: 'hero',
        intent: 'update',
        base,
        changes: { age: 9 },
        changedAt: 0,
        server: { ...base, name: 'Theirs' },
      },
      defaultConflictPolicies,
    );
    expect(decision).toEqual({ outcome: 'rebase', fields: { age: 9 }, discarded: null });
  });

  const device = async (policies?: Partial<ConflictPolicies>) => {
    const server = createFakeServer();
    server.put('hero', 'h1', luna);
    server.put('story', 's1', { ...lighthouse, heroId: 'h1' });
    server.put('customEvent', 'e1', { title: 'Pool', promptSeed: 'Floating' });
    server.put('illustration', 'i1', { storyId: 's1', generationStatus: 'pending' });
    const made = await createDevice(server, { ...(policies && { policies }) });
    await made.synced();
    return { server, device: made };
  };

  test('hero: the server wins, and what was given up can still be shown', async () => {
    const { server, device: here } = await device();
    await here.heroes.update('h1', { name: 'Mine', age: 8 });
    server.put('hero', 'h1', { name: 'Theirs' });
    await here.synced();
    const hero = await here.heroes.get('h1');
    expect(hero).toMatchObject({ name: 'Theirs', age: 8 });
    expect(hero.sync).toMatchObject({ status: 'synced', discarded: { fields: { name: 'Mine' } } });
    expect(server.rows('hero')[0]?.value).toMatchObject({ name: 'Theirs', age: 8 });
  });

  test('story text: a person is asked and sees both versions; each choice holds', async () => {
    for (const choice of ['mine', 'server', 'merge'] as const) {
      const { server, device: here } = await device();
      await here.stories.update('s1', { title: 'My title' });
      server.put('story', 's1', { content: 'Their content' });
      await here.synced();
      const [conflict] = await here.stories.conflicts();
      expect(conflict?.sync).toMatchObject({ status: 'conflict', statusName: 'Conflict' });
      expect(conflict?.title).toBe('My title');
      expect(conflict?.sync.conflict?.server).toMatchObject({ content: 'Their content' });
      await here.stories.resolve('s1', choice);
      await here.synced();
      const { title, content } = server.rows('story')[0]?.value ?? {};
      const expected = {
        mine: ['My title', lighthouse.content],
        server: [lighthouse.title, 'Their content'],
        merge: ['My title', 'Their content'],
      };
      expect([title, content]).toEqual(expected[choice]);
      expect(await here.stories.get('s1')).toMatchObject({ title, content, sync: { status: 'synced' } });
    }
  });

  test('story metadata: favourite and plays of both sides are kept', async () => {
    const { server, device: here } = await device();
    await here.stories.update('s1', { isFavorite: true });
    await here.stories.play('s1');
    server.put('story', 's1', { playCount: 4, title: 'Their title' });
    await here.synced();
    expect(server.rows('story')[0]?.value).toMatchObject({
      isFavorite: true,
      playCount: 5,
      title: 'Their title',
    });
  });

  test('custom event: this device wins', async () => {
    const { server, device: here } = await device();
    await here.customEvents.update('e1', { title: 'Mine' });
    server.put('customEvent', 'e1', { title: 'Theirs', category: 'daily' });
    await here.synced();
    expect(server.rows('customEvent')[0]?.value).toMatchObject({ title: 'Mine', category: 'daily' });
  });

  test('illustration: the server wins, so one that was drawn anew comes back', async () => {
    const { server, device: here } = await device();
    await here.illustrations.delete('i1');
    server.put('illustration', 'i1', { generationStatus: 'completed', generationId: 'g2' });
    await here.synced();
    expect(await here.illustrations.ofStory('s1', { policy: 'cacheOnly' })).toHaveLength(1);
  });

  test('an edit of something that was deleted elsewhere is never lost silently', async () => {
    for (const choice of ['mine', 'server'] as const) {
      const { server, device: here } = await device();
      await here.customEvents.update('e1', { title: 'Still wanted' });
      server.remove('customEvent', 'e1');
      await here.synced();
      const [conflict] = await here.customEvents.conflicts();
      expect(conflict).toMatchObject({ title: 'Still wanted', sync: { conflict: { server: null } } });
      await here.customEvents.resolve('e1', choice);
      await here.synced();
      const titles = server.rows('customEvent').map(({ value }) => value?.title);
      expect(titles).toEqual(choice === 'mine' ? ['Still wanted'] : []);
    }
  });

  test('a hero that was deleted elsewhere is kept while a story of it was not sent', async () => {
    const { server, device: here } = await device();
    await here.stories.create({ ...lighthouse, title: 'Unsent', heroId: 'h1' });
    server.remove('hero', 'h1');
    await here.sync.sync();
    await here.synced();
    expect(await here.heroes.conflicts()).toHaveLength(1);
    await here.heroes.resolve('h1', 'mine');
    for (const { id } of await here.stories.conflicts()) await here.stories.resolve(id, 'mine');
    await here.queue.retryExhausted();
    await here.synced();
    expect(server.rows('story').map(({ value }) => value?.title)).toContain('Unsent');
  });
});

test('row 18: 50 conflicts are resolved in less than 5 s', async () => {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  for (let index = 0; index < 50; index += 1)
    server.put('story', `s${index}`, { ...lighthouse, heroId: 'h1' });
  const here = await createDevice(server);
  await here.synced();
  for (let index = 0; index < 50; index += 1) {
    await here.stories.update(`s${index}`, { title: `Mine ${index}` });
    server.put('story', `s${index}`, { title: `Theirs ${index}` });
  }
  const begun = performance.now();
  await here.synced();
  for (const { id } of await here.stories.conflicts()) await here.stories.resolve(id, 'mine');
  await here.synced();
  const took = performance.now() - begun;
  console.info(`50 conflicts: ${took.toFixed(0)} ms`);
  expect(server.rows('story').every(({ value }) => String(value?.title).startsWith('Mine'))).toBe(true);
  expect(took).toBeLessThan(5000);
});
