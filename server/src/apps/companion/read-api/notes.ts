import { speakerNumber } from '../conversations/presenter.js';
import { type Memories, memoryCategoryOf } from '../memories/service.js';
import type { Rooms } from '../rooms.js';
import type { WholeConversation } from '../services.js';
import type { ActionItemRow, MemoryRow } from '../tables.js';
import { isoOf, isoOrNull } from '../wire/instants.js';

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

export interface ConversationSpan {
  /** Epoch milliseconds, by creation. */
  readonly from: number | null;
  readonly to: number | null;
  readonly categories: readonly string[];
}

/** What programs and assistants read of a user, in few and small fields: contract §8.5. */
export function createNotes(rooms: Pick<Rooms, 'conversations' | 'memories' | 'items' | 'texts'>) {
  const { conversations, memories, items, texts } = rooms;
  return {
    memories: async (userId: string, page: Page & { readonly categories: readonly string[] }) =>
      (await memories.list(userId, page)).map(memoryNote),

    addMemory: (userId: string, content: string, category: string | null): ReturnType<Memories['add']> =>
      memories.add(userId, {
        content,
        category: memoryCategoryOf(category),
        visibility: 'private',
        tags: [],
      }),
    editMemory: (userId: string, id: string, content: string) => memories.edit(userId, id, content),
    removeMemory: (userId: string, id: string) => memories.remove(userId, id),

    /** Finished ones that were kept, newest first. */
    conversations: async (userId: string, { from, to, categories }: ConversationSpan, page: Page) =>
      (
        await conversations.list(
          userId,
          {
            statuses: ['completed'],
            includeDiscarded: false,
            from,
            to,
            ...(categories.length > 0 ? { categories } : {}),
          },
          page,
        )
      ).map(conversationNote),

    /** @throws AppError 404 */
    conversation: async (userId: string, id: string) => wholeNote(await conversations.get(userId, id)),

    actionItems: async (userId: string, completed: boolean | null, page: Page) =>
      (await items.list(userId, { completed }, page)).map(actionItemNote),

    /** Conversations and memories by their words, the best matches first. */
    search: async (userId: string, words: string, limit: number) => {
      const matches = await texts.find(userId, words, {
        limit,
        kinds: ['conversation', 'memory'],
        match: 'any',
      });
      const idsOf = (kind: 'conversation' | 'memory') =>
        matches.filter((match) => match.kind === kind).map(({ id }) => id);
      const [found, facts] = await Promise.all([
        conversations.byIds(userId, idsOf('conversation')),
        memories.byIds(userId, idsOf('memory')),
      ]);
      return {
        conversations: found.filter(({ discarded }) => discarded === 0).map(conversationNote),
        memories: facts.filter(({ user_review }) => user_review !== 0).map(memoryNote),
      };
    },
  };
}

export type Notes = ReturnType<typeof createNotes>;

const memoryNote = ({ id, content, category }: MemoryRow) => ({ id, content, category });

const conversationNote = (conversation: WholeConversation) => ({
  id: conversation.id,
  started_at: isoOf(conversation.started_at),
  finished_at: isoOf(conversation.finished_at),
  structured: {
    title: conversation.title,
    overview: conversation.overview,
    category: conversation.category,
  },
  language: conversation.language,
});

const wholeNote = (conversation: WholeConversation) => ({
  ...conversationNote(conversation),
  transcript_segments: conversation.segments.map(({ id, text, speaker, start_at, end_at }) => ({
    id,
    text,
    speaker_id: speakerNumber(speaker),
    start: start_at,
    end: end_at,
  })),
});

const actionItemNote = (item: ActionItemRow) => ({
  id: item.id,
  description: item.description,
  completed: item.completed === 1,
  due_at: isoOrNull(item.due_at),
  created_at: isoOf(item.created_at),
  conversation_id: item.conversation_id,
});
