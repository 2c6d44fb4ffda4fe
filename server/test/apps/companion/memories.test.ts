import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { stacks } from '../../support/servers.js';

describe.each(stacks)('§5.3 memories, on %s', (stack) => {
  let app: CompanionApp;
  beforeAll(async () => {
    app = await startCompanionApp(stack);
  });
  afterAll(() => app.stop());

  const add = async (user: CompanionUser, content: string, more: Record<string, unknown> = {}) =>
    (await user.post('v3/memories', { content, visibility: 'private', ...more })).json;
  const contents = async (user: CompanionUser, query = '?limit=100&offset=0'): Promise<string[]> =>
    (await user.get(`v3/memories${query}`)).json.map(({ content }: { content: string }) => content);

  it('POST v3/memories answers what was written down with 200', async () => {
    const user = await app.signUp();
    const memory = await add(user, ' I like tea. ', { tags: ['drinks'] });
    expect(memory).toMatchObject({
      uid: user.userId,
      content: 'I like tea.',
      category: 'interesting',
      visibility: 'private',
      tags: ['drinks'],
      manually_added: true,
      reviewed: true,
      user_review: true,
      edited: false,
      conversation_id: null,
    });
    expect(memory.scoring).toMatch(/^01_999_\d+$/);
    expect(await add(user, 'Old', { category: 'hobbies', visibility: 'public' })).toMatchObject({
      category: 'system',
      visibility: 'public',
    });
    expect(await add(user, 'Odd', { visibility: 'everybody', category: null, tags: null })).toMatchObject({
      category: 'interesting',
      visibility: 'private',
    });
    expect((await user.post('v3/memories', { content: '  ' })).status).toBe(400);
    expect((await user.post('v3/memories', {})).status).toBe(400);
  });

  it('GET v3/memories answers all of them at offset 0, by score and then the newest', async () => {
    const user = await app.signUp();
    expect((await user.get('v3/memories')).json).toEqual([]);
    const id = await app.recorded(user, ['We talked about the garden for a while, and what it needs.']);
    await app.platform.database.transaction((tx) =>
      app.rooms.memories.replaceOf(tx, user.userId, id, [
        { content: 'found, system', category: 'system' },
        { content: 'found, interesting', category: 'interesting' },
      ]),
    );
    await add(user, 'first');
    await add(user, 'by the system', { category: 'system' });
    await add(user, 'second');
    const all = ['second', 'first', 'by the system', 'found, interesting', 'found, system'];
    expect(await contents(user)).toEqual(all);
    expect(await contents(user, '?limit=1')).toEqual(all);
    expect(await contents(user, '?limit=2&offset=1')).toEqual(all.slice(1, 3));
    const [, , , found] = (await user.get('v3/memories')).json;
    expect(found).toMatchObject({
      conversation_id: id,
      memory_id: id,
      manually_added: false,
      reviewed: false,
    });
  });

  it('PATCH v3/memories/{id} rewrites it, as the query comes', async () => {
    const user = await app.signUp();
    const { id } = await add(user, 'I like tea.');
    expect((await user.patch(`v3/memories/${id}?value=I like green+tea & cake`)).status).toBe(200);
    expect((await user.get('v3/memories')).json).toMatchObject([
      { content: 'I like green tea', edited: true },
    ]);
    expect((await user.patch(`v3/memories/${id}?value=`)).status).toBe(400);
    expect((await user.patch('v3/memories/none?value=x')).status).toBe(404);
  });

  it('DELETE v3/memories/{id} answers 200, 404 for what is gone; DELETE v3/memories removes all', async () => {
    const user = await app.signUp();
    const other = await app.signUp();
    await add(other, 'mine');
    const { id } = await add(user, 'one');
    await add(user, 'two');
    await add(user, 'three');
    expect((await user.delete(`v3/memories/${id}`)).json).toEqual({ status: 'ok' });
    expect((await user.delete(`v3/memories/${id}`)).status).toBe(404);
    expect(await contents(user)).toEqual(['three', 'two']);
    expect((await user.delete('v3/memories')).status).toBe(200);
    expect(await contents(user)).toEqual([]);
    expect(await contents(other)).toEqual(['mine']);
    const found = await app.rooms.texts.find(user.userId, 'three', { kinds: ['memory'], limit: 5 });
    expect(found).toEqual([]);
  });

  it('POST v3/memories/{id}/review hides what is wrong, and brings it back', async () => {
    const user = await app.signUp();
    const { id } = await add(user, 'I am a giraffe.');
    const findable = async () =>
      (await app.rooms.texts.find(user.userId, 'giraffe', { kinds: ['memory'], limit: 5 })).length;
    expect(await findable()).toBe(1);
    expect((await user.post(`v3/memories/${id}/review?value=false`)).status).toBe(200);
    expect(await contents(user)).toEqual([]);
    expect(await findable()).toBe(0);
    await user.post(`v3/memories/${id}/review?value=true`);
    expect(await contents(user)).toEqual(['I am a giraffe.']);
    expect(await findable()).toBe(1);
    expect((await user.post('v3/memories/none/review?value=true')).status).toBe(404);
  });

  it('PATCH v3/memories/{id}/visibility knows two values', async () => {
    const user = await app.signUp();
    const { id } = await add(user, 'I like tea.');
    expect((await user.patch(`v3/memories/${id}/visibility?value=public`)).status).toBe(200);
    expect((await user.get('v3/memories')).json).toMatchObject([{ visibility: 'public' }]);
    expect((await user.patch(`v3/memories/${id}/visibility?value=shared`)).status).toBe(400);
  });

  it('§9 GET v1/memories is an array of facts, and POST v1/memories answers 201', async () => {
    const user = await app.signUp();
    const { status, json } = await user.post('v1/memories', { content: 'I like tea.' });
    expect(status).toBe(201);
    expect((await user.get('v1/memories')).json).toEqual([json]);
    expect((await user.get('v3/memories')).json).toEqual([json]);
  });
});
