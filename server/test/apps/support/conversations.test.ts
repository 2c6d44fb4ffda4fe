import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatorCaller } from '../../../src/apps/support/callers.js';
import type { SupportEvent } from '../../../src/apps/support/realtime/fan-out.js';
import type { SupportTables } from '../../../src/apps/support/tables.js';
import { type Transaction, withTables } from '../../../src/platform/database/database.js';
import { stacks } from '../../support/servers.js';
import { type MadeApp, type SupportApp, startSupportApp } from '../../support/support-app.js';
import { sdkDevice } from '../../support/support-client.js';

describe.each(stacks)('conversations as operators and effects see them, on %s', (stack) => {
  let support: SupportApp;
  let app: MadeApp;
  let operator: OperatorCaller;
  const told: SupportEvent[] = [];
  const effects: string[] = [];
  beforeAll(async () => {
    support = await startSupportApp(stack, {
      effects: () => ({
        messages: [
          async (tx: Transaction, message, conversation) => {
            if (message.body === 'breaks its effect') throw new Error('the effect is broken');
            await withTables<SupportTables>(tx)
              .selectFrom('support_messages')
              .select('id')
              .limit(1)
              .execute();
            effects.push(`${message.body} in ${conversation.id}`);
          },
        ],
        conversations: [
          async (_tx, change, conversation) => {
            effects.push(`${change} ${conversation.id}`);
          },
        ],
      }),
    });
    app = await support.createApp();
    operator = operatorOf(app.appId, randomUUID());
    await support.fanOut.listen((event) => told.push(event));
    await addOperator(app.appId, operator.operatorId);
  });
  afterAll(() => support.stop());

  const operatorOf = (appId: string, operatorId: string): OperatorCaller => ({
    kind: 'operator',
    appId,
    operatorId,
    email: 'someone@team.example',
    role: 'ADMIN',
    expiresAt: Number.MAX_SAFE_INTEGER,
  });
  const addOperator = (appId: string, id: string) =>
    support.platform.database.transaction((tx) =>
      withTables<SupportTables>(tx)
        .insertInto('support_operators')
        .values({
          id,
          app_id: appId,
          email: `${id}@team.example`,
          password_hash: '',
          role: 'ADMIN',
          is_active: 1,
          created_at: 1,
          updated_at: 1,
          last_seen_at: null,
        })
        .execute(),
    );
  const device = () => sdkDevice(support.url, app);
  const changesOf = (id: string) =>
    told.flatMap((event) =>
      event.type === 'conversation' && event.conversation.id === id ? [event.change] : [],
    );

  it('are told and enqueued once when they are made, resolved and assigned', async () => {
    const { conversations } = support.core;
    const id = await device().open('teller');
    expect((await conversations.change(operator, id, { status: 'resolved' })).status).toBe('resolved');
    await conversations.change(operator, id, { status: 'resolved' });
    const { operatorId } = operator;
    expect((await conversations.change(operator, id, { assigneeId: operatorId })).assigneeId).toBe(
      operatorId,
    );
    expect((await conversations.change(operator, id, { assigneeId: null })).assigneeId).toBeNull();
    expect(effects.filter((effect) => effect.includes(id))).toEqual([`created ${id}`, `resolved ${id}`]);
    expect(changesOf(id)).toEqual(['created', 'updated', 'updated', 'updated']);
  });

  it("are neither seen nor changed by another app's operators, nor assigned to them", async () => {
    const foreignApp = await support.createApp();
    const foreigner = operatorOf(foreignApp.appId, randomUUID());
    await addOperator(foreignApp.appId, foreigner.operatorId);
    const id = await device().open();
    const { conversations, messages } = support.core;
    const missing = { code: 'CONVERSATION_NOT_FOUND' };
    await expect(conversations.get(foreigner, id)).rejects.toMatchObject(missing);
    await expect(conversations.change(foreigner, id, { status: 'resolved' })).rejects.toMatchObject(missing);
    await expect(messages.before(foreigner, id, null, 10)).rejects.toMatchObject(missing);
    await expect(
      messages.send(foreigner, id, { localId: randomUUID(), body: 'intruder' }),
    ).rejects.toMatchObject(missing);
    await expect(
      conversations.change(operator, id, { assigneeId: foreigner.operatorId }),
    ).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    expect((await conversations.list(foreigner, { limit: 10 })).conversations).toEqual([]);
  });

  it('are paged by their activity and found by words of any script', async () => {
    const other = await support.createApp();
    const lister = operatorOf(other.appId, randomUUID());
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const sdk = sdkDevice(support.url, other);
      const user = {
        id: `user-${n}`,
        name: n === 3 ? 'Ёлка Émile' : `Name ${n}`,
        email: `p_${n}@shop.example`,
      };
      ids.unshift((await sdk.post('/conversations', { user })).json.conversation.id);
      await sdk.send(ids[0] ?? '', n === 1 ? 'The Parcel has 100% vanished' : 'hello');
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await support.core.conversations.list(lister, { limit: 2, cursor });
      seen.push(...page.conversations.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids);
    const found = async (search: string) => {
      const { conversations } = await support.core.conversations.list(lister, { limit: 10, search });
      return conversations.map(({ userId }) => userId);
    };
    expect(await found('ёлка')).toEqual(['user-3']);
    expect(await found('émile ЁЛ')).toEqual(['user-3']);
    expect(await found('PARCEL 100%')).toEqual(['user-1']);
    expect(await found('p_2@')).toEqual(['user-2']);
    expect(await found('%')).toEqual(['user-1']);
    expect(await found('nobody')).toEqual([]);
    await expect(
      support.core.conversations.list(lister, { limit: 2, cursor: 'made up' }),
    ).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('are opened by an operator once, and are the ones that the device then gets', async () => {
    const sdk = device();
    const wish = { deviceId: sdk.deviceId, userId: 'called', context: { platform: 'ios' } };
    const made = await Promise.all(
      Array.from({ length: 8 }, () => support.core.conversations.openFor(operator, wish)),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await sdk.open('called')).toBe(made[0]?.id);
    const latest = await support.core.conversations.latestOf({
      kind: 'device',
      appId: app.appId,
      deviceId: sdk.deviceId,
      keyId: app.keyId,
    });
    expect(latest?.id).toBe(made[0]?.id);
  });

  it('read upwards from their newest end', async () => {
    const sdk = device();
    const id = await sdk.open();
    for (let n = 0; n < 5; n += 1) await sdk.send(id, `number ${n}`);
    const bodies = (page: { messages: readonly { body: string }[] }) => page.messages.map(({ body }) => body);
    const newest = await support.core.messages.before(operator, id, null, 3);
    expect([bodies(newest), newest.hasMore]).toEqual([['number 2', 'number 3', 'number 4'], true]);
    const rest = await support.core.messages.before(operator, id, newest.messages[0]?.sequence ?? 0, 3);
    expect([bodies(rest), rest.hasMore]).toEqual([['number 0', 'number 1'], false]);
  });

  it('lose no message of others when one of a batch fails, and keep nothing of that one', async () => {
    const sdk = device();
    const id = await sdk.open();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => sdk.send(id, n === 7 ? 'breaks its effect' : `fine ${n}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, n) => (n === 7 ? 500 : 200)),
    );
    expect(answers[7]?.json).toMatchObject({ code: 'INTERNAL_ERROR', request_id: expect.any(String) });
    const { messages } = (await sdk.get(`/conversations/${id}/sync`)).json;
    expect(messages.map(({ body }: { body: string }) => body).sort()).toEqual(
      Array.from({ length: 20 }, (_, n) => `fine ${n}`)
        .filter((_, n) => n !== 7)
        .sort(),
    );
  });
});
