import { keywords } from '../../../platform/ai/builtin/language.js';
import type { Rooms } from '../rooms.js';
import type { CompanionSearch, WholeConversation } from '../services.js';
import type { ActionItemRow, MemoryRow } from '../tables.js';
import { minutesEastOfUtc } from '../wire/zones.js';

/** What of a user's own is close to a question. */
export interface Knowledge {
  /** Those that match first, then the newest. */
  readonly memories: readonly MemoryRow[];
  /** Those of the day that the question names, those that match best, the newest ones. */
  readonly conversations: readonly WholeConversation[];
  /** Open ones, the next ones first. */
  readonly actionItems: readonly ActionItemRow[];
  /** The user's own days that the question names; empty when it names none. */
  readonly days: readonly NamedDay[];
  /** Names of people whom the user knows, by id. */
  readonly people: ReadonlyMap<string, string>;
}

/** In epoch milliseconds. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export interface NamedDay {
  readonly meant: Span;
  /** The same, or the last one of the kind when it is still to come: "what was said on Monday". */
  readonly past: Span;
}

export interface KnowledgeRooms extends Pick<Rooms, 'conversations' | 'memories' | 'items' | 'people'> {
  readonly texts: CompanionSearch;
}

const MATCHING_CONVERSATIONS = 8;
const NEWEST_CONVERSATIONS = 3;
const CONVERSATIONS_OF_DAYS = 12;
const MATCHING_MEMORIES = 20;
const MEMORIES = 60;
const ACTION_ITEMS = 40;
const DAY_MS = 24 * 3_600_000;

interface AskedWhen {
  readonly text: string;
  readonly now: number;
  readonly timeZone: string;
}

/** Finds what may answer a question. */
export async function knowledgeFor(
  { conversations, memories, items, people, texts }: KnowledgeRooms,
  userId: string,
  question: AskedWhen,
): Promise<Knowledge> {
  const words = keywords(question.text, 16).join(' ');
  const days = await daysIn(question);
  const find = (kinds: readonly ('conversation' | 'memory')[], limit: number) =>
    texts.find(userId, words, { kinds, limit, match: 'any' });
  const list = (limit: number, span?: Span) =>
    conversations.list(
      userId,
      { statuses: ['completed'], includeDiscarded: false, ...span },
      { limit, offset: 0 },
    );
  const [matching, remembered, newest, ofDays, allMemories, open, known] = await Promise.all([
    find(['conversation'], MATCHING_CONVERSATIONS),
    find(['memory'], MATCHING_MEMORIES),
    list(NEWEST_CONVERSATIONS),
    Promise.all(days.map(({ past }) => list(CONVERSATIONS_OF_DAYS, past))),
    memories.list(userId, { limit: MEMORIES, offset: 0 }),
    items.list(userId, { completed: false }, { limit: ACTION_ITEMS, offset: 0 }),
    people.list(userId),
  ]);
  const [found, facts] = await Promise.all([
    conversations.byIds(
      userId,
      matching.map(({ id }) => id),
    ),
    memories.byIds(
      userId,
      remembered.map(({ id }) => id),
    ),
  ]);
  const isRight = ({ user_review }: MemoryRow) => user_review !== 0;
  const isFinished = ({ status }: WholeConversation) => status === 'completed';
  return {
    conversations: distinct([...ofDays.flat(), ...found.filter(isFinished), ...newest]),
    memories: distinct([...facts.filter(isRight), ...allMemories]).slice(0, MEMORIES),
    actionItems: open,
    days,
    people: new Map(known.map(({ id, name }) => [id, name])),
  };
}

async function daysIn({ text, now, timeZone }: AskedWhen): Promise<NamedDay[]> {
  // With its dictionaries it takes a tenth of a second to load, which no start has to wait for.
  const { datesIn } = await import('../../../platform/ai/builtin/dates.js');
  const offset = minutesEastOfUtc(timeZone, now);
  return datesIn(text, new Date(now), offset).map(({ start }) => {
    const local = start.getTime() + offset * 60_000;
    const from = Math.floor(local / DAY_MS) * DAY_MS - offset * 60_000;
    const spanFrom = (begin: number): Span => ({ from: begin, to: begin + DAY_MS - 1 });
    return { meant: spanFrom(from), past: spanFrom(from > now ? from - 7 * DAY_MS : from) };
  });
}

const distinct = <Row extends { readonly id: string }>(rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];
