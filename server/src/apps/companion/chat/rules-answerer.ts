import { answerWhereRulesReach, languageOf } from '../../../platform/ai/builtin/answers.js';
import { keywords, overlap, splitSentences, splitWords } from '../../../platform/ai/builtin/language.js';
import type { WholeConversation } from '../services.js';
import { utterancesOf } from '../summaries/utterances.js';
import type { ActionItemRow } from '../tables.js';
import { addressed } from './addressed.js';
import { type Answerer, type ChatQuestion, textOf } from './answerer.js';
import { concerning } from './concerning.js';
import { shortened } from './shorten.js';
import { type ChatWords, chatWords } from './words.js';

const MOST_LISTED = 10;
const MOST_QUOTED = 3;
const MOST_TOLD = 5;
const LONGEST_QUOTE = 300;
/** Of one file. */
const READ_CHARACTERS = 200_000;

const asks = {
  toDos:
    /\b(?:to-?dos?|to do list|(?:left|things|something|anything) to do|tasks?|action items?|reminders?|remind me about|have to do|should i do|must i do|à faire|tâches?)\b/i,
  aboutMe:
    /\b(?:know|remember|learned|learnt) about me\b|\bwho am i\b|\bsa(?:is|vez)[- ](?:tu|vous) (?:de|sur) moi\b|\bqui suis-je\b/i,
  told: /\bwhat (?:did|have|has) (?:i|we|they) (?:just )?(?:talk|talked|speak|spoken|say|said|discuss|discussed|do|done|hear|heard)\b|\bwhat happened\b|\b(?:summari[sz]e|sum up|recap)\b|\b(?:last|latest|recent) conversations?\b|\bde quoi (?:ai|avons)|\brésume/i,
} as const;

/** Words that say how or when something is asked, not what about. */
const ASKING = new Set(
  'hello hey thanks thank bye goodbye good morning evening afternoon night bonjour salut bonsoir coucou merci revoir time date day today yesterday tomorrow tonight week month year last latest recent conversation conversations talk talked speak say said tell told discuss discussed happened happen summarize summarise recap know remember please heure jour hier demain aujourd hui dernière conversation'.split(
    ' ',
  ),
);

/**
 * Answers from what the user's own server keeps, without a language model: lists of to-dos, facts and conversations, and
 * otherwise the sentences that share most with the question, in their own words. Where there is none, it says so.
 */
export const createRulesAnswerer = (): Answerer => ({
  async *answer(question, signal) {
    const { text, cited } = answerByKnowledge(question);
    for (const piece of text.match(/\s*\S+(?:\s+\S+){0,7}/g) ?? []) {
      signal.throwIfAborted();
      yield { text: piece };
    }
    return cited;
  },
});

/** An answer and the conversations that it rests on. */
export interface FoundAnswer {
  readonly text: string;
  readonly cited: readonly string[];
}

export function answerByKnowledge(question: ChatQuestion): FoundAnswer {
  const words = chatWords(languageOf(question.text), question.timeZone);
  const topics = keywords(question.text, 16).filter((word) => !ASKING.has(word));
  const general = () =>
    answerWhereRulesReach([{ role: 'user', content: question.text }], {
      now: new Date(question.now),
      timeZone: question.timeZone,
    });

  if (asks.aboutMe.test(question.text)) return facts(question, words);
  if (asks.toDos.test(question.text)) return toDos(question, words);
  if (asks.told.test(question.text) && topics.length === 0) return told(question, words);
  const polite = topics.length === 0 ? general() : null;
  if (polite !== null) return { text: polite, cited: [] };
  const found = evidence(question, topics, words);
  if (found) return found;
  if (topics.length === 0 && question.knowledge.days.length > 0) return told(question, words);
  return { text: general() ?? words.unknown, cited: [] };
}

function facts({ knowledge }: ChatQuestion, words: ChatWords): FoundAnswer {
  const memories = knowledge.memories.slice(0, MOST_LISTED);
  return {
    text:
      memories.length === 0
        ? words.noFacts
        : list(
            words.facts,
            memories.map(({ content }) => addressed(content)),
          ),
    cited: distinct(memories.flatMap(({ conversation_id }) => conversation_id ?? [])),
  };
}

function toDos({ knowledge }: ChatQuestion, words: ChatWords): FoundAnswer {
  const { actionItems, days } = knowledge;
  const asked = actionItems.filter(
    ({ due_at }) =>
      days.length === 0 ||
      days.some(({ meant }) => due_at !== null && due_at >= meant.from && due_at <= meant.to),
  );
  const items = (asked.length > 0 ? asked : actionItems).slice(0, MOST_LISTED);
  return {
    text:
      items.length === 0
        ? words.noToDos
        : list(
            words.toDos,
            items.map((item) => toDo(item, words)),
          ),
    cited: distinct(items.flatMap(({ conversation_id }) => conversation_id ?? [])),
  };
}

const toDo = ({ description, due_at }: ActionItemRow, words: ChatWords): string =>
  due_at === null ? description : `${description} (${words.due(due_at)})`;

/** The conversations of the days that were asked about, or the newest ones. */
function told({ knowledge }: ChatQuestion, words: ChatWords): FoundAnswer {
  const { conversations, days } = knowledge;
  const meant =
    days.length === 0
      ? conversations.toSorted((a, b) => b.created_at - a.created_at).slice(0, MOST_QUOTED)
      : conversations.filter(({ created_at }) =>
          days.some(({ past }) => created_at >= past.from && created_at <= past.to),
        );
  const listed = meant.slice(0, MOST_TOLD);
  return {
    text:
      listed.length === 0
        ? days.length === 0
          ? words.noConversations
          : words.noneThen
        : list(
            words.conversations,
            listed.map(
              ({ created_at, title, overview }) =>
                `${words.day(created_at)} – ${[title, quote(overview)].filter(Boolean).join(': ')}`,
            ),
          ),
    cited: listed.map(({ id }) => id),
  };
}

interface Evidence {
  readonly text: string;
  readonly shown: string;
  readonly conversationId: string | null;
  readonly weight: number;
}

/** The sentences that say most of what is asked about; null when none says at least half of it. */
function evidence(question: ChatQuestion, topics: readonly string[], words: ChatWords): FoundAnswer | null {
  const asked = topics.join(' ');
  const needed = Math.max(1, Math.ceil(topics.length / 2));
  const ranked = candidates(question, topics, words)
    .map((candidate) => ({ ...candidate, shared: overlap(asked, candidate.text) }))
    .filter(({ shared }) => shared >= needed)
    .sort((a, b) => b.shared - a.shared || b.weight - a.weight);
  const best = ranked[0]?.shared;
  const told = new Set<string>();
  const isNew = ({ text }: Evidence): boolean => {
    const plain = splitWords(text).join(' ');
    return told.size < told.add(plain).size;
  };
  const chosen = ranked.filter((one) => one.shared === best && isNew(one)).slice(0, MOST_QUOTED);
  if (chosen.length === 0) return null;
  return {
    text: chosen.map(({ shown }) => shown).join('\n'),
    cited: distinct(chosen.flatMap(({ conversationId }) => conversationId ?? [])),
  };
}

function candidates(
  { knowledge, files }: ChatQuestion,
  topics: readonly string[],
  words: ChatWords,
): Evidence[] {
  const mayHelp = concerning(topics);
  return [
    ...knowledge.memories.map(({ content, conversation_id }) => ({
      text: content,
      shown: addressed(content),
      conversationId: conversation_id,
      weight: 3,
    })),
    ...knowledge.actionItems.map((item) => ({
      text: item.description,
      shown: words.toDo(toDo(item, words)),
      conversationId: item.conversation_id,
      weight: 2,
    })),
    ...knowledge.conversations.flatMap((conversation) => sentences(conversation, mayHelp, words)),
    ...files.flatMap((file) =>
      splitSentences((textOf(file) ?? '').slice(0, READ_CHARACTERS)).map((text) => ({
        text,
        shown: words.inFile(file.name, quote(text)),
        conversationId: null,
        weight: 2,
      })),
    ),
  ];
}

const sentences = (
  conversation: WholeConversation,
  mayHelp: (text: string) => boolean,
  words: ChatWords,
): Evidence[] =>
  [
    ...conversation.segments.flatMap(({ text }) => (mayHelp(text) ? utterancesOf(text) : [])),
    ...splitSentences(conversation.overview),
    conversation.title,
  ]
    .filter((text) => mayHelp(text) && !text.endsWith('?'))
    .map((text) => ({
      text,
      shown: words.said(conversation.title, conversation.created_at, quote(text)),
      conversationId: conversation.id,
      weight: 1,
    }));

const list = (lead: string, lines: readonly string[]): string =>
  [lead, ...lines.map((line) => `- ${line}`)].join('\n');

const quote = (text: string): string => shortened(text, LONGEST_QUOTE);

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)];
