import { setImmediate as nextTurn } from 'node:timers/promises';
import { datesIn } from '../../../platform/ai/builtin/dates.js';
import { detectLanguage, keywords, summarize, titleFor } from '../../../platform/ai/builtin/language.js';
import { numbersInDigits } from '../../../platform/ai/builtin/number-words.js';
import { actionItemsIn, factsIn, peopleIn } from '../../../platform/ai/builtin/remarks.js';
import { minutesEastOfUtc } from '../wire/zones.js';
import {
  type ConversationDigest,
  FACTS_FROM_CHARACTERS,
  KEPT_WORDS,
  MOST_MEMORIES,
  type Summarizer,
  type SummaryRequest,
  wordCount,
} from './summarizer.js';
import { topicOf } from './topics.js';
import { punctuated, utterancesOf } from './utterances.js';

/** Talk with fewer telling words is small talk, unless somebody asks, decides, promises or tells something. */
const TELLING_WORDS = 6;
const EVENT_MINUTES = 60;
const MOST_EVENTS = 10;
/** Names are looked for in so much of a text: it takes 20 ms a kilobyte. */
const NAMES_CHARACTERS = 4_000;
/** What the engine that hears no words writes for a stretch of speech. */
const WORDLESS = /\[speech (\d+(?:\.\d+)?) s\]/g;

const question = /\?$|^(?:what|when|where|who|why|how|which|can you|could you|do you|did you)\b/i;
const decision = /\b(?:decided?|agreed?|settled|promised?|deal|let's|we'll|we will)\b/i;
const occasion =
  /\b(?:meeting|meet|appointment|lunch|dinner|breakfast|party|flight|train|concert|game|match|class|lesson|interview|birthday|wedding|conference|call with|visit|exam|rendez-vous|réunion)\b/i;

/**
 * Summaries without a language model: the most telling sentences in their own words, orders and promises as to-dos with the
 * dates that they name, and what the user told about themselves. English and French are understood best.
 */
export const createRulesSummarizer = (): Summarizer => ({
  summarize: async (request) => {
    const spoken = request.lines.map(({ text }) => text).join(' ');
    const words = spoken.replaceAll(WORDLESS, ' ').trim();
    if (words === '') return withoutWords(request, secondsOfSpeech(spoken));
    const utterances = utterancesIn(request.lines);
    const text = punctuated(utterances);
    const ownLines = request.lines.filter(({ speaker }) => speaker === 'You');
    const isAlone = new Set(request.lines.map(({ speaker }) => speaker)).size === 1;
    // Where nobody knows which voice is the user's, anybody's "remind me" counts, but nobody's "I live in …".
    const orders = ownLines.length > 0 ? punctuated(utterancesIn(ownLines)) : text;
    const own = ownLines.length > 0 || isAlone ? orders : '';

    // A long talk takes a tenth of a second; others have their turn in between.
    await nextTurn();
    const actionItems = actionItemsOf(orders, request);
    const events = eventsOf(utterances, request);
    const memories =
      words.length < FACTS_FROM_CHARACTERS
        ? []
        : factsIn(own, MOST_MEMORIES).map((content) => ({ content, category: 'system' as const }));
    await nextTurn();
    const isTelling =
      wordCount(words) > KEPT_WORDS ||
      actionItems.length + events.length + memories.length + request.photos.length > 0 ||
      utterances.some((utterance) => question.test(utterance) || decision.test(utterance)) ||
      keywords(words, TELLING_WORDS).length === TELLING_WORDS;
    const topic = topicOf(words, actionItems.length > 0);
    if (!request.keep && !isTelling) return nothing(topic.emoji);
    await nextTurn();
    return {
      discarded: false,
      title: titleOf(text, actionItems, request),
      overview: overviewOf(text, request),
      ...topic,
      actionItems,
      events,
      memories,
    };
  },
});

/** A short talk is called after what is to be done, a longer one after what most of it is about. */
function titleOf(text: string, [item]: ConversationDigest['actionItems'], request: SummaryRequest): string {
  const subject = item && wordCount(text) <= KEPT_WORDS ? item.description : text;
  return shortTitle(titleFor(withoutDates(subject, request))) || shortTitle(titleFor(text)) || 'Conversation';
}

/** A title does not end in a word that leads to another one. */
const shortTitle = (title: string): string =>
  title.replace(
    /(?:\s+(?:a|an|and|at|by|for|from|in|my|of|on|or|the|to|with|à|au|avec|de|des|du|et|la|le|les))+$/i,
    '',
  );

function withoutDates(text: string, request: SummaryRequest): string {
  const plain = numbersInDigits(text);
  return datesFrom(plain, request)
    .reduceRight(
      (rest, { index, text: date }) => rest.slice(0, index) + rest.slice(index + date.length),
      plain,
    )
    .replace(/\s+/g, ' ')
    .trim();
}

const nothing = (emoji: string): ConversationDigest => ({
  discarded: true,
  title: '',
  overview: '',
  emoji,
  category: 'other',
  actionItems: [],
  events: [],
  memories: [],
});

/** Photos, or speech of which this server's engine tells the length only. */
function withoutWords({ keep, photos }: SummaryRequest, seconds: number): ConversationDigest {
  if (!keep && photos.length === 0 && seconds === 0) return nothing('🧠');
  const heard =
    seconds > 0
      ? `Somebody spoke for ${Math.round(seconds)} seconds. This server's recogniser hears when, not what.`
      : '';
  return {
    ...nothing(seconds > 0 ? '🎙️' : '📷'),
    discarded: false,
    title: photos[0] ? titleFor(photos[0]) || 'Photos' : 'Recording',
    overview: [heard, summarize(photos.join('\n'), 3)].filter(Boolean).join(' '),
  };
}

const secondsOfSpeech = (text: string): number =>
  [...text.matchAll(WORDLESS)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);

const utterancesIn = (lines: SummaryRequest['lines']): string[] =>
  lines.flatMap(({ text }) => utterancesOf(text.replaceAll(WORDLESS, ' ')));

function overviewOf(text: string, { photos }: SummaryRequest): string {
  const people = detectLanguage(text) === 'en' ? peopleIn(text.slice(0, NAMES_CHARACTERS)).slice(0, 5) : [];
  return [
    summarize(text, 3) || text,
    people.length > 0 ? `People mentioned: ${people.map(bare).join(', ')}.` : '',
    summarize(photos.join('\n'), 1),
  ]
    .filter(Boolean)
    .join(' ');
}

const bare = (name: string): string => name.replace(/[\s.,;!?]+$/, '');

function actionItemsOf(text: string, request: SummaryRequest): ConversationDigest['actionItems'] {
  const known = new Set(request.knownItems.map(folded));
  return actionItemsIn(text)
    .filter((description) => !known.has(folded(description)))
    .map((description) => ({
      description,
      dueAt: datesFrom(description, request)[0]?.start.getTime() ?? null,
    }));
}

const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Occasions with a definite time. */
function eventsOf(utterances: readonly string[], request: SummaryRequest): ConversationDigest['events'] {
  return utterances
    .flatMap((utterance) => {
      if (!occasion.test(utterance) || question.test(utterance)) return [];
      const date = datesFrom(utterance, request).find(({ hasTime }) => hasTime);
      if (!date) return [];
      const minutes = date.end ? Math.round((date.end.getTime() - date.start.getTime()) / 60_000) : 0;
      return [
        {
          title: shortTitle(titleFor(withoutDates(utterance, request))) || 'Appointment',
          start: date.start.getTime(),
          duration: minutes > 0 ? minutes : EVENT_MINUTES,
          description: utterance,
        },
      ];
    })
    .slice(0, MOST_EVENTS);
}

const datesFrom = (text: string, { startedAt, timeZone }: SummaryRequest) =>
  datesIn(text, new Date(startedAt), minutesEastOfUtc(timeZone, startedAt));
