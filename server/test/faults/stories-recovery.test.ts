import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoriesTables } from '../../src/apps/stories/tables.js';
import { type Transaction, withTables } from '../../src/platform/database/database.js';
import { eventually, type Ground, layGround, stacks } from '../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../support/stories-app.js';

/** What a start finds of the work of a server that has ended, however it ended. */
describe.each(stacks)('orders of stories after a restart on %s', (stack) => {
  let ground: Ground;
  let app: StoriesApp;
  beforeAll(async () => {
    ground = await layGround(stack);
  });
  afterEach(() => app.stop());
  afterAll(() => ground.remove());

  const start = async () => {
    app = await startStoriesApp(stack, { ground });
  };
  const restartAs = async ({ userId }: StoriesUser): Promise<StoriesUser> => {
    await app.stop();
    await start();
    return app.as(userId);
  };
  const write = (work: (tx: ReturnType<typeof withTables<StoriesTables>>) => Promise<unknown>) =>
    app.platform.database.transaction(async (tx: Transaction) => {
      await work(withTables<StoriesTables>(tx));
    });
  const tell = async (user: StoriesUser, more: Record<string, unknown> = {}, key = 'key') => {
    const hero = await user.hero();
    const body = { heroId: hero.id, language: 'English', eventType: 'Family Time', ...more };
    return {
      again: (as: StoriesUser, headers: Record<string, string> = {}) =>
        as.post('stories', body, { 'idempotency-key': key, ...headers }),
    };
  };
  const remaining = async (user: StoriesUser) =>
    (await user.get('user/usage')).json.data.story_generation.remaining;

  it('finishes what was ordered before the server was stopped, and counts it once', async () => {
    await start();
    const before = await app.signUp();
    const order = await tell(before, { generateAudio: true });
    const accepted = await order.again(before, { prefer: 'respond-async' });
    expect(accepted.status).toBe(202);
    const user = await restartAs(before);
    const ended = await eventually(
      () => user.get(accepted.json.data.statusUrl),
      ({ json }) => json.data.status !== 'processing',
      60_000,
    );
    expect(ended.json.data.status).toBe('completed');
    const story = await order.again(user);
    expect(story.json.data.id).toBe(ended.json.data.result.storyId);
    await eventually(
      () => user.get(`stories/${story.json.data.id}/audio`),
      ({ json }) => json.data.status === 'completed',
      60_000,
    );
    expect(await remaining(user)).toBe(4);
  }, 120_000);

  it('gives up an order whose job is gone, gives its unit back, and takes the same key again', async () => {
    await start();
    const before = await app.signUp();
    const order = await tell(before);
    const told = await order.again(before);
    await write(async (tx) => {
      await tx
        .updateTable('stories_generations')
        .set({ status: 'processing', result: null })
        .where('user_id', '=', before.userId)
        .execute();
    });
    const user = await restartAs(before);
    expect(await remaining(user)).toBe(5);
    const again = await order.again(user);
    expect(again.status).toBe(201);
    expect(again.json.data.id).not.toBe(told.json.data.id);
    expect(await remaining(user)).toBe(4);
  });

  it('says `processing` of nothing that nobody works on', async () => {
    await start();
    const before = await app.signUp();
    const { id } = (await (await tell(before)).again(before)).json.data;
    await before.post(`stories/${id}/illustrations`, { maxIllustrations: 1 });
    const [drawn, begun] = (await before.get(`stories/${id}/illustrations`)).json.data.illustrations;
    await write(async (tx) => {
      const processing = { audio_status: 'processing', illustration_status: 'processing' } as const;
      await tx.updateTable('stories_stories').set(processing).where('id', '=', id).execute();
      await tx
        .updateTable('stories_illustrations')
        .set({ status: 'processing' })
        .where('id', '=', begun.id)
        .execute();
    });
    const latest = (await before.get('/api/sync/changes')).json.data.latest;
    const user = await restartAs(before);
    const { data } = (await user.get(`stories/${id}?includeIllustrations=true`)).json;
    expect(data).toMatchObject({
      audioGenerationStatus: 'pending',
      illustrationStatus: 'partial',
      illustrationCount: 1,
    });
    expect(
      data.illustrations
        .slice(0, 2)
        .map(({ id, generationStatus }: Record<string, string>) => [id, generationStatus]),
    ).toEqual([
      [drawn.id, 'completed'],
      [begun.id, 'pending'],
    ]);
    const changed = (await user.get(`/api/sync/changes?since=${latest}`)).json.data.changes;
    expect(changed.map(({ id }: { id: string }) => id).sort()).toEqual([begun.id, id].sort());
    const drawnAgain = await user.post(`stories/${id}/illustrations`, { maxIllustrations: 1 });
    expect(drawnAgain.json.data.illustrationCount).toBe(2);
  }, 60_000);
});
