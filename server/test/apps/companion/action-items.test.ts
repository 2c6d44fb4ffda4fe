import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { stacks } from '../../support/servers.js';

describe.each(stacks)('§5.2 action items, on %s', (stack) => {
  let app: CompanionApp;
  beforeAll(async () => {
    app = await startCompanionApp(stack);
  });
  afterAll(() => app.stop());

  const add = async (user: CompanionUser, description: string, more: Record<string, unknown> = {}) =>
    (await user.post('v1/action-items', { description, completed: false, ...more })).json;
  const list = async (user: CompanionUser, query = '') => (await user.get(`v1/action-items${query}`)).json;
  const descriptions = async (user: CompanionUser, query = ''): Promise<string[]> =>
    (await list(user, query)).action_items.map(({ description }: { description: string }) => description);

  it('GET v1/action-items lists what is due first, then the newest, page by page', async () => {
    const user = await app.signUp();
    expect(await list(user, '?limit=100')).toEqual({ action_items: [], has_more: false });
    await add(user, 'older');
    await add(user, 'newer');
    await add(user, 'due in June', { due_at: '2027-06-01T10:00:00Z' });
    await add(user, 'due in May', { due_at: '2027-05-01T12:00:00+02:00' });
    expect(await descriptions(user)).toEqual(['due in May', 'due in June', 'newer', 'older']);
    expect(await list(user, '?limit=3')).toMatchObject({ has_more: true });
    expect(await descriptions(user, '?limit=3&offset=3')).toEqual(['older']);
    expect(await list(user, '?limit=4&offset=0')).toMatchObject({ has_more: false });
    expect(await descriptions(user, '?due_start_date=2027-05-15T00:00:00Z')).toEqual(['due in June']);
    expect(await descriptions(user, '?due_end_date=2027-05-15T00:00:00')).toEqual(['due in May']);
    expect(await descriptions(user, '?start_date=2099-01-01T00:00:00Z')).toEqual([]);
    expect(await descriptions(user, '?limit=0&offset=-1&completed=null')).toEqual(['due in May']);
    expect((await user.get('v1/action-items?due_start_date=soon')).status).toBe(400);
  });

  it('POST v1/action-items answers the item with 200', async () => {
    const user = await app.signUp();
    const item = await add(user, 'Buy milk', { due_at: '2027-05-01T12:00:00+02:00', conversation_id: null });
    expect(item).toMatchObject({
      description: 'Buy milk',
      completed: false,
      due_at: '2027-05-01T10:00:00.000Z',
      completed_at: null,
      conversation_id: null,
    });
    expect((await user.get(`v1/action-items/${item.id}`)).json).toEqual(item);
    expect((await add(user, 'Done', { completed: true })).completed_at).not.toBeNull();
    expect((await user.post('v1/action-items', { completed: false })).status).toBe(400);
    expect((await user.post('v1/action-items', { description: 'x', due_at: 'soon' })).status).toBe(400);
    expect(await user.post('v1/action-items', { description: 'x', conversation_id: 'other' })).toMatchObject({
      status: 404,
    });
  });

  it('PATCH v1/action-items/{id} changes what is named; completed sets and clears completed_at', async () => {
    const user = await app.signUp();
    const { id } = await add(user, 'Buy milk', { due_at: '2027-05-01T12:00:00Z' });
    const change = async (body: object) => (await user.patch(`v1/action-items/${id}`, body)).json;
    expect(await change({ description: 'Buy oat milk' })).toMatchObject({
      description: 'Buy oat milk',
      due_at: '2027-05-01T12:00:00.000Z',
    });
    const done = await change({ completed: true });
    expect(done.completed_at).not.toBeNull();
    expect((await change({ completed: true })).completed_at).toBe(done.completed_at);
    expect(await change({ completed: false, due_at: null })).toMatchObject({
      completed_at: null,
      due_at: null,
    });
    const ticked = await user.patch(`v1/action-items/${id}/completed?completed=true`);
    expect(ticked.json).toMatchObject({ completed: true });
    expect(await descriptions(user, '?completed=false')).toEqual([]);
    expect(await descriptions(user, '?completed=true')).toEqual(['Buy oat milk']);
    expect(await descriptions(user, '?include_completed=false')).toEqual([]);
    expect((await user.patch('v1/action-items/none', { completed: true })).status).toBe(404);
    expect((await user.patch('v1/action-items/none/completed?completed=true')).status).toBe(404);
  });

  it('DELETE v1/action-items/{id} answers 204', async () => {
    const user = await app.signUp();
    const { id } = await add(user, 'Buy milk');
    expect((await user.delete(`v1/action-items/${id}`)).status).toBe(204);
    expect((await user.delete(`v1/action-items/${id}`)).status).toBe(404);
    expect((await user.get(`v1/action-items/${id}`)).status).toBe(404);
  });

  it('POST v1/action-items/batch takes all or none', async () => {
    const user = await app.signUp();
    const { json } = await user.post('v1/action-items/batch', [
      { description: 'one', completed: false },
      { description: 'two', completed: true, due_at: null },
    ]);
    expect(json).toMatchObject({
      created_count: 2,
      action_items: [{ description: 'one' }, { completed: true }],
    });
    expect((await user.post('v1/action-items/batch', [])).json).toMatchObject({ created_count: 0 });
    const half = [{ description: 'three' }, { description: 'four', conversation_id: 'nobody’s' }];
    expect((await user.post('v1/action-items/batch', half)).status).toBe(404);
    expect(await descriptions(user)).toHaveLength(2);
  });

  describe('of a conversation', () => {
    let user: CompanionUser;
    let id: string;
    beforeAll(async () => {
      user = await app.signUp();
      id = await app.recorded(user, ['We talked about the garden for a while, and what it needs in spring.']);
      await user.delete(`v1/conversations/${id}/action-items`, {});
      for (const description of ['water', 'weeds', 'roses']) {
        await add(user, description, { conversation_id: id });
      }
    });

    const ofConversation = async () => (await user.get(`v1/conversations/${id}/action-items`)).json;

    it('GET v1/conversations/{id}/action-items and the list by conversation_id name the same', async () => {
      expect(await ofConversation()).toMatchObject({
        conversation_id: id,
        action_items: [{ description: 'water' }, { description: 'weeds' }, { description: 'roses' }],
      });
      expect((await descriptions(user, `?conversation_id=${id}`)).toSorted()).toEqual([
        'roses',
        'water',
        'weeds',
      ]);
      const { structured } = (await user.get(`v1/conversations/${id}`)).json;
      expect(structured.action_items).toMatchObject([
        { description: 'water' },
        { description: 'weeds' },
        { description: 'roses' },
      ]);
    });

    it('PATCH v1/conversations/{id}/action-items ticks off by place, in both lists', async () => {
      const ticked = { items_idx: [1, 9], values: [true, true] };
      expect((await user.patch(`v1/conversations/${id}/action-items`, ticked)).status).toBe(200);
      expect((await ofConversation()).action_items).toMatchObject([
        { completed: false },
        { completed: true },
        { completed: false },
      ]);
      expect(await descriptions(user, '?completed=true')).toEqual(['weeds']);
    });

    it('PATCH v1/conversations/{id}/action-items/{idx} renames by the old text', async () => {
      const rename = (old_description: string) =>
        user.patch(`v1/conversations/${id}/action-items/0`, { old_description, description: 'red roses' });
      expect((await rename('roses')).status).toBe(200);
      expect((await rename('roses')).status).toBe(404);
      expect((await ofConversation()).action_items[2].description).toBe('red roses');
    });

    it('DELETE v1/conversations/{id}/action-items answers 204 for one and for all', async () => {
      const remove = (body?: unknown) => user.delete(`v1/conversations/${id}/action-items`, body);
      expect((await remove({ description: 'water', completed: false })).status).toBe(204);
      expect((await ofConversation()).action_items).toHaveLength(2);
      expect((await remove({ description: 'not there', completed: false })).status).toBe(204);
      expect((await remove()).status).toBe(204);
      expect((await ofConversation()).action_items).toEqual([]);
      expect((await user.get('v1/conversations/none/action-items')).status).toBe(404);
    });
  });
});
