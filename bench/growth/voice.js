// @ts-check
import { randomBytes, randomUUID } from 'node:crypto';
import { ask } from './asking.js';
import { appGrowth } from './kinds.js';
import { insert } from './tables.js';

/**
 * @param {{ headers: Readonly<Record<string, string>> }} owner
 * @param {string} sessionId
 * @returns {import('./asking.js').Question}
 */
const turn = ({ headers }, sessionId) => ({
  method: 'POST',
  path: '/api/conversation',
  headers,
  body: { message: 'What time is it?', sessionId },
});

export const voice = appGrowth({
  app: 'voice',
  rows: 'as many kept conversations, one of them of as many messages (rows)',
  settle: async (port, size) => {
    const owner = {
      headers: { 'x-device-token': randomBytes(24).toString('base64url') },
      long: `long-${size}`,
    };
    await ask(port, turn(owner, owner.long));
    await ask(port, turn(owner, 'short'));
    return owner;
  },
  fill: async (database, { long }, size) => {
    const mine = await database.read
      .selectFrom('voice_sessions')
      .selectAll()
      .where('session_id', '=', long)
      .executeTakeFirstOrThrow();
    const now = Date.now();
    const sessions = Array.from({ length: size - 2 }, (_, n) => ({
      ...mine,
      id: randomUUID(),
      session_id: `session-${n}`,
      started_at: now - n * 60_000,
      updated_at: now - n * 60_000,
    }));
    const messages = Array.from({ length: size - 2 }, (_, n) => ({
      id: randomUUID(),
      session: mine.id,
      sender: n % 2 === 0 ? 'user' : 'bot',
      message_text: 'How wide is a phone?',
      created_at: now - (size - n) * 1_000,
    }));
    await insert(database, 'voice_sessions', sessions);
    await insert(database, 'voice_messages', messages);
  },
  operations: [
    {
      what: 'A turn written to a long conversation: `POST /api/conversation`',
      kind: 'one',
      ask: (owner) => turn(owner, owner.long),
    },
    {
      what: 'The messages of a short conversation',
      kind: 'one',
      ask: ({ headers }) => ({ path: '/api/sessions/short/messages', headers }),
    },
    {
      what: 'Kept conversations, the newest 200',
      kind: 'all',
      ask: ({ headers }) => ({ path: '/api/sessions', headers }),
    },
    {
      what: 'The messages of a long conversation, the newest 1,000',
      kind: 'all',
      ask: ({ headers, long }) => ({ path: `/api/sessions/${long}/messages`, headers }),
    },
  ],
});
