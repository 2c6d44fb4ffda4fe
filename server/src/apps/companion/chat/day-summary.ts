import { type Transaction, withTables } from '../../../platform/database/database.js';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { CompanionTables } from '../tables.js';
import { minutesEastOfUtc } from '../wire/zones.js';
import { type NewMessage, newMessage } from './new-message.js';
import { presentBareMessage } from './presenter.js';
import { shortened } from './shorten.js';
import { chatWords } from './words.js';

/** When a day is told, on the user's own clock. */
const HOUR = 22;
const DAY_MS = 24 * 3_600_000;
const LOOK_EVERY_MS = 10 * 60_000;
const MOST_TOLD = 20;
const LONGEST_OVERVIEW = 300;
/** A push has room for 4 kB. */
const LONGEST_PUSH = 1_500;

const DAY_SUMMARY_JOB = 'companion.day-summary';

/**
 * In the evening, a chat message about the day for those who want to hear of it: who set the webhook or has a phone that is
 * pushed to. One for each of the user's days, with its push and its webhook in the same transaction.
 */
export function daySummaryJob(
  { clock, database }: Pick<Platform, 'clock' | 'database'>,
  {
    conversations,
    users,
    pushes,
    stores: { chat },
  }: Pick<Rooms, 'conversations' | 'users' | 'pushes' | 'stores'>,
  /** Enqueues the webhook. */
  announce: (tx: Transaction, userId: string, messageId: string) => Promise<void>,
): JobDefinition<null> {
  const read = withTables<CompanionTables>(database.read);

  const listeners = async (since: number): Promise<string[]> => {
    const rows = await read
      .selectFrom('companion_conversations as conversation')
      .select('conversation.user_id')
      .distinct()
      .where('conversation.created_at', '>=', since)
      .where('conversation.status', '=', 'completed')
      .where('conversation.discarded', '=', 0)
      .where((eb) =>
        eb.or([
          eb.exists(
            eb
              .selectFrom('companion_devices')
              .select('token')
              .whereRef('companion_devices.user_id', '=', 'conversation.user_id'),
          ),
          eb.exists(
            eb
              .selectFrom('companion_webhooks')
              .select('url')
              .whereRef('companion_webhooks.user_id', '=', 'conversation.user_id')
              .where('companion_webhooks.type', '=', 'day_summary')
              .where('companion_webhooks.enabled', '=', 1),
          ),
        ]),
      )
      .execute();
    return rows.map(({ user_id }) => user_id);
  };

  const tell = async (userId: string): Promise<void> => {
    const profile = await users.profile(userId);
    const timeZone = profile?.time_zone ?? 'UTC';
    const now = clock.now();
    const day = dayOf(now, timeZone);
    if (now < day.from + HOUR * 3_600_000) return;
    const told = await conversations.list(
      userId,
      { statuses: ['completed'], includeDiscarded: false, from: day.from, to: now },
      { limit: MOST_TOLD, offset: 0 },
    );
    if (told.length === 0) return;
    const words = chatWords(profile?.language?.startsWith('fr') ? 'fr' : 'en', timeZone);
    const lines = told
      .toReversed()
      .map(
        ({ title, overview }) =>
          `- ${[title, shortened(overview, LONGEST_OVERVIEW)].filter(Boolean).join(': ')}`,
      );
    const message = newMessage(now, {
      user_id: userId,
      app_id: '',
      sender: 'ai',
      type: 'day_summary',
      text: [words.conversations, ...lines].join('\n'),
      conversation_ids: JSON.stringify(told.map(({ id }) => id)),
    });
    await database.transaction(async (tx) => {
      if (await chat.hasDaySummary(tx, userId, day.from)) return;
      if ((await chat.add(tx, message)) === null) return; // the next round tries again
      await announce(tx, userId, message.id);
      await pushes.send(tx, {
        userId,
        collapseKey: `day-summary-${day.from}`,
        data: flattened({ ...message, text: shortened(message.text, LONGEST_PUSH) }),
      });
    });
  };

  return {
    name: DAY_SUMMARY_JOB,
    concurrency: 1,
    maxAttempts: 3,
    backoffMs: () => 60_000,
    everyMs: LOOK_EVERY_MS,
    run: async ({ signal }) => {
      for (const userId of await listeners(clock.now() - DAY_MS)) {
        signal.throwIfAborted();
        await tell(userId);
      }
    },
  };
}

/** The user's own day that an instant belongs to. */
function dayOf(now: number, timeZone: string): { readonly from: number } {
  const offset = minutesEastOfUtc(timeZone, now) * 60_000;
  return { from: Math.floor((now + offset) / DAY_MS) * DAY_MS - offset };
}

/** Push carries texts only: contract §8.2. */
function flattened(message: NewMessage): Record<string, string> {
  const { id, created_at, sender, text, type } = presentBareMessage({ ...message, position: 0 });
  return {
    notification_type: 'daily_summary',
    id,
    created_at,
    sender,
    text,
    type,
    from_integration: 'false',
    navigate_to: '/chat/omi',
  };
}
