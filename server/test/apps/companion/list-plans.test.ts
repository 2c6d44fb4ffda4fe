import { describe, expect, it } from 'vitest';
import { createActionItemStore } from '../../../src/apps/companion/action-items/store.js';
import { createChatStore } from '../../../src/apps/companion/chat/store.js';
import {
  type ConversationFilter,
  createConversationStore,
} from '../../../src/apps/companion/conversations/store.js';
import { createMemoryStore } from '../../../src/apps/companion/memories/store.js';
import { companionMigrations } from '../../../src/apps/companion/migrations.js';
import { createPeopleStore } from '../../../src/apps/companion/people/store.js';
import type { ConversationRow } from '../../../src/apps/companion/tables.js';
import { createProfileStore } from '../../../src/apps/companion/users/store.js';
import { createWebhookStore } from '../../../src/apps/companion/webhooks/store.js';
import { watchedDatabase } from '../../support/query-plans.js';

const page = { limit: 50, offset: 0 };
const IDS = ['a', 'b', 'c', 'd', 'e'];
const finished: ConversationFilter = { statuses: ['processing', 'completed'], includeDiscarded: false };

describe('the lists of the companion, as SQLite plans them', () => {
  const watched = watchedDatabase(companionMigrations);

  it.each([
    [
      'conversations',
      'companion_conversations_newest',
      () => createConversationStore(watched.database).list('u', finished, page),
    ],
    [
      'conversations of a time',
      'companion_conversations_newest',
      () => createConversationStore(watched.database).list('u', { ...finished, from: 1, to: 2 }, page),
    ],
    [
      'the conversation in progress',
      'companion_conversations_live',
      () => createConversationStore(watched.database).live(null, 'u'),
    ],
    [
      'the newest conversation',
      'companion_conversations_newest',
      () => createConversationStore(watched.database).newestCompleted('u'),
    ],
    [
      'action items',
      'companion_action_items_in_order',
      () => createActionItemStore(watched.database).list('u', {}, page),
    ],
    [
      'open action items',
      'companion_action_items_in_order',
      () => createActionItemStore(watched.database).list('u', { completed: false }, page),
    ],
    ['memories', 'companion_memories_by_score', () => createMemoryStore(watched.database).list('u', page)],
  ])('reads %s by %s, in one statement, without sorting or scanning', async (_list, index, ask) => {
    const steps = await watched.plansOf(ask());
    expect(watched.seen).toHaveLength(1);
    expect(steps.filter((step) => step.includes(index)).length, steps.join('\n')).toBeGreaterThanOrEqual(1);
    expect(steps.filter((step) => /^SCAN|TEMP B-TREE/.test(step))).toEqual([]);
  });

  it.each([
    [
      'matches of a search',
      () =>
        createConversationStore(watched.database).wanted('u', IDS, {
          includeDiscarded: false,
          from: null,
          to: null,
        }),
    ],
    ['conversations', () => createConversationStore(watched.database).byIds('u', IDS)],
    ['memories', () => createMemoryStore(watched.database).byIds('u', IDS)],
    ['files of a chat', () => createChatStore(watched.database).files(null, 'u', IDS)],
  ])('finds a user’s %s by their ids, however much the user has', async (_list, ask) => {
    const steps = await watched.plansOf(ask());
    expect(
      steps.filter((step) => step.startsWith('SEARCH') && step.endsWith('(id=?)')),
      steps.join('\n'),
    ).toHaveLength(1);
  });

  it.each([
    ['people', () => createPeopleStore(watched.database).list(null, 'u')],
    ['webhooks', () => createWebhookStore(watched.database).list('u')],
    ['devices', () => createProfileStore(watched.database).deviceTokens('u')],
    ['usage', () => createProfileStore(watched.database).usage('u', '2026-01-01')],
    [
      'action items of a conversation',
      () => createActionItemStore(watched.database).ofConversation(null, 'u', 'c'),
    ],
  ])('finds a user’s %s without scanning', async (_list, ask) => {
    const steps = await watched.plansOf(ask());
    expect(watched.seen).toHaveLength(1);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });

  it('brings the contents of many conversations in three statements', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ id: `id-${n}` }) as ConversationRow);
    const steps = await watched.plansOf(createConversationStore(watched.database).whole(null, rows));
    expect(watched.seen).toHaveLength(3);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });
});
