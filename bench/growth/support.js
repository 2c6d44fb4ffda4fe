// @ts-check
import { randomUUID } from 'node:crypto';
import { ask } from './asking.js';
import { appGrowth } from './kinds.js';
import { insert } from './tables.js';

/** So many visitors of each app have the seldom name. */
const SELDOM = 10;
const MINUTE_MS = 60_000;

export const support = appGrowth({
  app: 'support',
  rows: 'as many visitors with a conversation each, one of them of as many messages (rows)',
  settle: async (port, size) => {
    const { json } = await ask(port, {
      method: 'POST',
      path: '/admin/auth/signup',
      headers: {},
      body: {
        email: `operator-${size}@example.com`,
        password: 'a password of the benchmark',
        appName: `Growth ${size}`,
      },
    });
    const team = { authorization: `Bearer ${json.access_token}` };
    const device = { 'x-app-id': json.app.id, 'x-device-id': randomUUID(), 'x-api-key': json.app.api_key };
    const opened = await ask(port, { method: 'POST', path: '/v1/conversations', headers: device, body: {} });
    const id = opened.json.conversation.id;
    const first = await ask(port, written(device, id));
    return { team, device, id, message: first.json.message };
  },
  fill: async (database, { id, message }, size) => {
    const of = (/** @type {string} */ table, /** @type {string} */ key, /** @type {string} */ value) =>
      database.read.selectFrom(table).selectAll().where(key, '=', value).executeTakeFirstOrThrow();
    const conversation = await of('support_conversations', 'id', id);
    const device = await of('support_devices', 'device_id', conversation.device_id);
    const { sequence: _, ...last } = await of('support_messages', 'id', message.id);
    const now = Date.now();
    const visitors = Array.from({ length: size - 1 }, (__, n) => {
      const at = now - (n + 1) * MINUTE_MS;
      const conversationId = `conv_${randomUUID().replaceAll('-', '')}`;
      const deviceId = randomUUID();
      const name = n % (size / SELDOM) === 0 ? `Wilhelmina ${n}` : `Visitor ${n}`;
      const messageId = `msg_${randomUUID().replaceAll('-', '')}`;
      return {
        device: { ...device, id: randomUUID(), device_id: deviceId, user_id: `user-${n}`, last_seen_at: at },
        conversation: {
          ...conversation,
          id: conversationId,
          device_id: deviceId,
          user_key: `user-${n}`,
          visitor_id: `vis_${randomUUID().replaceAll('-', '')}`,
          metadata: JSON.stringify({ user: { id: `user-${n}`, name } }),
          visitor_words: `${name}\nuser-${n}\n${deviceId}`.toLowerCase(),
          status: n % (size / SELDOM) === 0 ? 'open' : 'resolved',
          created_at: at,
          updated_at: at,
          last_message_id: messageId,
          last_message_at: at,
        },
        message: {
          ...last,
          id: messageId,
          conversation_id: conversationId,
          local_id: randomUUID(),
          created_at: at,
        },
      };
    });
    const long = Array.from({ length: size - 1 }, (__, n) => ({
      ...last,
      id: `msg_${randomUUID().replaceAll('-', '')}`,
      local_id: randomUUID(),
      // The team has read all but the newest twenty.
      ...(n < size - 20 ? { status: 'READ', delivered_at: now, read_at: now } : {}),
      created_at: last.created_at + n + 1,
    }));
    await insert(
      database,
      'support_devices',
      visitors.map((visitor) => visitor.device),
    );
    await insert(
      database,
      'support_conversations',
      visitors.map((visitor) => visitor.conversation),
    );
    await insert(
      database,
      'support_messages',
      visitors.map((visitor) => visitor.message),
    );
    await insert(database, 'support_messages', long);
    const newest = long.at(-1);
    await database.transaction((tx) =>
      tx
        .updateTable('support_conversations')
        .set({ last_message_id: newest?.id, last_message_at: newest?.created_at, unread_count: 20 })
        .where('id', '=', id)
        .execute(),
    );
  },
  operations: [
    {
      what: 'The inbox, a page of 50: `GET /admin/api/conversations`',
      kind: 'page',
      ask: ({ team }) => ({ path: '/admin/api/conversations?limit=50', headers: team }),
    },
    {
      what: `The inbox, open ones, of which there are ${SELDOM + 1}`,
      kind: 'page',
      ask: ({ team }) => ({ path: '/admin/api/conversations?limit=50&status=open', headers: team }),
    },
    {
      what: 'The inbox, those of one operator, none',
      kind: 'page',
      ask: ({ team }) => ({ path: '/admin/api/conversations?limit=50&assignee_id=op_none', headers: team }),
    },
    {
      what: `Search of a name that ${SELDOM} visitors have`,
      kind: 'page',
      because: 'parts of words count, so every visitor is looked at',
      ask: ({ team }) => ({ path: '/admin/api/conversations?limit=50&search=wilhelmina', headers: team }),
    },
    {
      what: 'Search of a name that nobody has',
      kind: 'page',
      because: 'parts of words count, so every visitor is looked at',
      ask: ({ team }) => ({ path: '/admin/api/conversations?limit=50&search=zebediah', headers: team }),
    },
    {
      what: 'The people, a page of 50: `GET /admin/api/users`',
      kind: 'page',
      because: 'people are made of all conversations and devices when they are asked for',
      ask: ({ team }) => ({ path: '/admin/api/users?limit=50', headers: team }),
    },
    {
      what: 'One person: `GET /admin/api/users/{key}`',
      kind: 'one',
      ask: ({ team }) => ({ path: '/admin/api/users/user:user-42', headers: team }),
    },
    {
      what: 'The numbers of the dashboard, counted over all conversations',
      kind: 'all',
      ask: ({ team }) => ({ path: '/admin/api/dashboard/stats', headers: team }),
    },
    {
      what: 'The newest 50 messages of a long conversation, for the team',
      kind: 'page',
      ask: ({ team, id }) => ({ path: `/admin/api/conversations/${id}/messages?limit=50`, headers: team }),
    },
    {
      what: 'Its first 50 messages, for the device',
      kind: 'page',
      ask: ({ device, id }) => ({ path: `/v1/conversations/${id}/messages?after=0`, headers: device }),
    },
    {
      what: 'Its messages after the newest’s instant',
      kind: 'page',
      ask: ({ device, id }) => ({
        path: `/v1/conversations/${id}/messages?after=${Date.now() + MINUTE_MS}`,
        headers: device,
      }),
    },
    {
      what: 'Its messages after the newest’s sequence',
      kind: 'page',
      ask: ({ device, id }) => ({
        path: `/v1/conversations/${id}/sync?after_sequence=${Number.MAX_SAFE_INTEGER}`,
        headers: device,
      }),
    },
    {
      what: 'A message written by the device',
      kind: 'one',
      ask: ({ device, id }) => written(device, id),
    },
    {
      what: 'All of it read by the team: `POST /admin/api/conversations/{id}/read`',
      kind: 'one',
      ask: ({ team, id }) => ({
        method: 'POST',
        path: `/admin/api/conversations/${id}/read`,
        headers: team,
        body: {},
      }),
    },
    {
      what: 'The device’s conversation, opened again: `POST /v1/conversations`',
      kind: 'one',
      ask: ({ device }) => ({ method: 'POST', path: '/v1/conversations', headers: device, body: {} }),
    },
  ],
});

/** @param {Readonly<Record<string, string>>} headers @param {string} id @returns {import('./asking.js').Question} */
const written = (headers, id) => ({
  method: 'POST',
  path: `/v1/conversations/${id}/messages`,
  headers,
  body: { local_id: randomUUID(), body: 'Where is my parcel?' },
});
