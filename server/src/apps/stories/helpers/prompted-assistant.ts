import { type Static, type TSchema, Type } from 'typebox';
import type { TextGenerator } from '../../../platform/ai/text-generator.js';
import { fromEngine } from '../generation/engine-failures.js';
import { languageNames } from '../language.js';
import { makeSafe } from '../safety/content-filter.js';
import { quoted, untrustedTextRule } from '../safety/untrusted-text.js';
import type { StoryDay } from '../story-writing/brief.js';
import {
  type Assistant,
  clippedToWords,
  FEWEST_KEYWORDS,
  MOST_KEYWORDS,
  MOST_SUGGESTIONS,
  PROMPT_WORDS,
} from './assistant.js';
import type { Made } from './metered.js';

const ROLE =
  "You help parents to prepare bedtime stories for children aged 3 to 12. Everything you write is friendly, safe and positive. Write in the language of the parent's text unless told otherwise. Answer with JSON.";
const MOST_TOKENS = 1_000;
/** As long as an event's own keywords may be (contract §3.3). */
const KEYWORD_CHARACTERS = 50;
const SUGGESTION_CHARACTERS = 100;

/** Models are a little generous; what is too much is left out, not refused. */
const words = (maxItems: number, minItems = 1) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems, maxItems });
const Title = Type.Object({ title: Type.String({ minLength: 1, maxLength: 200 }) });
const promptSeed = Type.String({ minLength: 1, maxLength: 2_000 });
const Prompt = Type.Object({ prompt: promptSeed });
const Keywords = Type.Object({ keywords: words(20) });
const Suggestions = Type.Object({ suggestions: words(10) });
const Sanitized = Type.Object({ prompt: Type.String({ minLength: 1, maxLength: 12_000 }) });
const Enhanced = Type.Object({ promptSeed, keywords: words(20, FEWEST_KEYWORDS) });

const PROMPT_RULE = `fewer than ${PROMPT_WORDS} words that tell a storyteller what happens, what the hero learns and how it feels`;
const KEYWORDS_RULE = `${FEWEST_KEYWORDS} to ${MOST_KEYWORDS} keywords of one or two words each`;

/** Help by a language model. */
export function createPromptedAssistant(model: TextGenerator): Assistant {
  const ask = async <Schema extends TSchema>(
    task: string,
    facts: readonly string[],
    schema: Schema,
    signal: AbortSignal,
    maxTokens = MOST_TOKENS,
  ): Promise<Made<Static<Schema>>> => {
    const messages = [
      { role: 'system' as const, content: `${ROLE} ${task} ${untrustedTextRule}` },
      { role: 'user' as const, content: facts.join('\n') },
    ];
    const { value, usage } = await fromEngine(() => model.json(messages, schema, { maxTokens, signal }));
    return usage ? { value, tokens: usage.inputTokens + usage.outputTokens } : { value };
  };

  return {
    model: model.model,

    title: async (description, language, signal) =>
      mapped(
        await ask(
          `Give the event a title of three to six words${language ? ` in ${languageNames[language]}` : ''}.`,
          [`Event: ${quoted(description)}`],
          Title,
          signal,
        ),
        ({ title }) => title.replace(/^["“«\s]+|["”».\s]+$/g, ''),
      ),

    prompt: async (day, signal) =>
      mapped(
        await ask(`Turn the event into a prompt for a story: ${PROMPT_RULE}.`, factsOf(day), Prompt, signal),
        ({ prompt }) => clippedToWords(prompt, PROMPT_WORDS),
      ),

    keywords: async (day, signal) =>
      mapped(
        await ask(`Give ${KEYWORDS_RULE} for the event.`, factsOf(day), Keywords, signal),
        ({ keywords }) => shortlist(keywords, MOST_KEYWORDS, KEYWORD_CHARACTERS),
      ),

    similarEvents: async (description, signal) =>
      mapped(
        await ask(
          `Suggest ${MOST_SUGGESTIONS} other events of a child's life that would make a similar story, as titles of at most eight words.`,
          [`Event: ${quoted(description)}`],
          Suggestions,
          signal,
        ),
        ({ suggestions }) => shortlist(suggestions, MOST_SUGGESTIONS, SUGGESTION_CHARACTERS),
      ),

    sanitize: async (prompt, signal) =>
      mapped(
        await ask(
          "Rewrite the description of a picture so that it fits a cheerful children's book: keep hero, place and action, leave out everything frightening, violent or unsuitable.",
          [`Description: ${quoted(prompt)}`],
          Sanitized,
          signal,
          4 * MOST_TOKENS,
        ),
        (safer) => makeSafe(safer.prompt).text,
      ),

    enhance: async (day, signal) =>
      mapped(
        await ask(
          `Turn the event into the seed of a story: promptSeed, ${PROMPT_RULE}, and ${KEYWORDS_RULE}.`,
          factsOf(day),
          Enhanced,
          signal,
        ),
        ({ promptSeed: seed, keywords }) => ({
          promptSeed: clippedToWords(seed, PROMPT_WORDS),
          keywords: shortlist(keywords, MOST_KEYWORDS, KEYWORD_CHARACTERS),
        }),
      ),
  };
}

const mapped = <A, B>({ value, ...rest }: Made<A>, to: (value: A) => B): Made<B> => ({
  value: to(value),
  ...rest,
});

/** Without repetitions. */
const shortlist = (found: readonly string[], most: number, characters: number): string[] =>
  [...new Set(found.map((text) => text.trim().slice(0, characters)))].filter(Boolean).slice(0, most);

function factsOf({
  title,
  description,
  promptSeed: seed,
  category,
  ageRange,
  tone,
  keywords,
}: StoryDay): string[] {
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['Event', title],
    ['About it', description],
    ['Wish', seed],
    ['Category', category],
    ['For ages', ageRange],
    ['Tone', tone],
    ['Keywords', keywords?.join(', ')],
  ];
  return facts.flatMap(([label, text]) => (text ? [`${label}: ${quoted(text)}`] : []));
}
