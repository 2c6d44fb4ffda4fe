import type { Transaction } from '../../../platform/database/database.js';
import type { Search } from '../../../platform/search/search.js';
import type { CompanionSearch, WholeConversation } from '../services.js';
import type { MemoryRow } from '../tables.js';

const COLLECTIONS = { conversation: 'companion.conversation', memory: 'companion.memory' } as const;

/** What of this app can be found by its words, kept up to date in the transactions that change it. */
export interface IndexedTexts extends CompanionSearch {
  putConversation(tx: Transaction, conversation: WholeConversation): Promise<void>;
  putMemories(tx: Transaction, memories: readonly MemoryRow[]): Promise<void>;
  remove(
    tx: Transaction,
    userId: string,
    kind: keyof typeof COLLECTIONS,
    ids: readonly string[],
  ): Promise<void>;
}

export const createIndexedTexts = (search: Search): IndexedTexts => ({
  putConversation: (tx, conversation) =>
    search.put(tx, {
      owner: conversation.user_id,
      collection: COLLECTIONS.conversation,
      id: conversation.id,
      title: conversation.title,
      body: [conversation.overview, ...conversation.segments.map(({ text }) => text)].join('\n'),
      at: conversation.created_at,
    }),

  putMemories: async (tx, memories) => {
    for (const { user_id, id, content, created_at } of memories) {
      await search.put(tx, {
        owner: user_id,
        collection: COLLECTIONS.memory,
        id,
        title: '',
        body: content,
        at: created_at,
      });
    }
  },

  remove: (tx, userId, kind, ids) => search.remove(tx, userId, COLLECTIONS[kind], ids),

  find: async (userId, words, { limit, kinds, match = 'all', order = 'relevance' }) => {
    const matches = await search.find({
      owner: userId,
      words,
      match,
      order,
      limit,
      collections: kinds.map((kind) => COLLECTIONS[kind]),
    });
    return matches.map(({ collection, id }) => ({
      kind: collection === COLLECTIONS.memory ? ('memory' as const) : ('conversation' as const),
      id,
    }));
  },
});
