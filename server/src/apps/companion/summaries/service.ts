import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { ConversationStore } from '../conversations/store.js';
import type { SummaryService, WholeConversation } from '../services.js';
import { SUMMARY_JOB, type SummaryPayload } from './job.js';

/** How long `reprocess` waits for its summary; the app itself gives up after 300 s. */
const WAIT_MS = 120_000;
const LOOK_AGAIN_MS = 250;

export function createSummaryService(
  { clock, database, jobs }: Pick<Platform, 'clock' | 'database' | 'jobs'>,
  store: ConversationStore,
): SummaryService {
  /** One job for each state of the text: words that come while it is summarised get a round of their own. */
  const keyOf = (conversationId: string, revision: number) =>
    `companion.summary:${conversationId}:${revision}`;

  return {
    enqueue: async (tx, userId, conversationId, { keep }) => {
      const row = await store.find(tx, userId, conversationId);
      if (!row) return;
      await jobs.enqueue<SummaryPayload>(tx, {
        name: SUMMARY_JOB,
        owner: userId,
        uniqueKey: keyOf(conversationId, row.revision),
        payload: { userId, conversationId, keep, language: null },
      });
    },

    again: async (userId, conversationId, language) => {
      const uniqueKey = await database.transaction(async (tx) => {
        const row = await store.find(tx, userId, conversationId);
        if (!row) throw errors.notFound('Conversation not found');
        if (row.status === 'in_progress') throw errors.conflict('The conversation is still going on.');
        const key = keyOf(conversationId, row.revision);
        await jobs.enqueue<SummaryPayload>(tx, {
          name: SUMMARY_JOB,
          owner: userId,
          uniqueKey: key,
          payload: { userId, conversationId, keep: true, language },
        });
        return key;
      });
      const until = clock.now() + WAIT_MS;
      while (clock.now() < until && (await jobs.has(uniqueKey))) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
      const row = await store.find(null, userId, conversationId);
      const [whole]: (WholeConversation | undefined)[] = row ? await store.whole(null, [row]) : [];
      if (!whole) throw errors.notFound('Conversation not found');
      return whole;
    },
  };
}
