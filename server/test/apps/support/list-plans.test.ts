import { describe, expect, it } from 'vitest';
import type { OperatorCaller } from '../../../src/apps/support/callers.js';
import { createConversationStore } from '../../../src/apps/support/conversations/store.js';
import { createInboxStore } from '../../../src/apps/support/inbox/store.js';
import { createMessageStore } from '../../../src/apps/support/messages/store.js';
import { supportMigrations } from '../../../src/apps/support/migrations.js';
import { watchedDatabase } from '../../support/query-plans.js';

const operator = { kind: 'operator', appId: 'a' } as OperatorCaller;
const page = { limit: 50, after: null, words: [] };
const people = [
  { kind: 'user', userId: 'u' },
  { kind: 'user', userId: 'v' },
] as const;
const devices = [
  { kind: 'device', deviceId: 'd' },
  { kind: 'device', deviceId: 'e' },
] as const;

describe('the lists of the support app, as SQLite plans them', () => {
  const watched = watchedDatabase(supportMigrations);
  const conversations = () => createConversationStore(watched.database);
  const inbox = () => createInboxStore(watched.database);
  const messages = () => createMessageStore(watched.database);

  it.each([
    ['the inbox', 'conversations_recent', () => conversations().list(operator, page)],
    [
      'open conversations',
      'conversations_by_status',
      () => conversations().list(operator, { ...page, status: 'open' }),
    ],
    [
      'those of one operator',
      'conversations_by_assignee',
      () => conversations().list(operator, { ...page, assigneeId: 'o' }),
    ],
    ['their numbers', 'COVERING INDEX support_conversations_by_status', () => inbox().counts('a')],
    [
      'conversations of users',
      'conversations_by_user (app_id=? AND user_key=?)',
      () => inbox().conversationsOf('a', people),
    ],
    ['conversations of devices', '(app_id=? AND device_id=?', () => inbox().conversationsOf('a', devices)],
    ['devices of users', 'devices_by_user (app_id=? AND user_id=?)', () => inbox().devicesOf('a', people)],
    [
      'messages after an instant',
      '(conversation_id=? AND sequence>?)',
      () => messages().createdAfter('c', 1, 50),
    ],
  ])('reads %s by %s', async (_list, index, ask) => {
    const steps = await watched.plansOf(ask());
    expect(steps.filter((step) => step.includes(index)).length, steps.join('\n')).toBeGreaterThanOrEqual(1);
    expect(steps.filter((step) => step.startsWith('SCAN support'))).toEqual([]);
  });
});
