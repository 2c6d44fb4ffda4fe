import { keywords } from '../../../platform/ai/builtin/language.js';
import { languageOfWords, makeSafe } from '../safety/content-filter.js';
import type { StoryDay } from '../story-writing/brief.js';
import { type Assistant, FEWEST_KEYWORDS, MOST_KEYWORDS } from './assistant.js';
import { ideasFor } from './event-ideas.js';
import { promptOf } from './event-prompts.js';
import { titleOf } from './titles.js';

/** What nearly every bedtime story is about: for events that say too little. */
const USUAL_KEYWORDS: Readonly<Record<'en' | 'fr', readonly string[]>> = {
  en: ['friendship', 'kindness', 'courage', 'family', 'bedtime'],
  fr: ['amitié', 'gentillesse', 'courage', 'famille', 'coucher'],
};

const wordsOf = ({ title, description, promptSeed }: StoryDay): string =>
  [title, description, promptSeed].filter(Boolean).join('. ');

/** Help by rules, offline: the family's own words, put in order. Advice around them is in English or French. */
export function createRuledAssistant(): Assistant {
  const isFrench = (day: StoryDay) => languageOfWords(wordsOf(day)) === 'fr';
  const keywordsOf = (day: StoryDay): string[] =>
    keywords(wordsOf(day), 3 * MOST_KEYWORDS)
      .filter((word) => makeSafe(word).risk === 'safe')
      .slice(0, MOST_KEYWORDS);
  return {
    model: 'earshot-rules',
    title: async (description, language) => ({
      value: titleOf(description, language ?? languageOfWords(description)),
    }),
    prompt: async (day) => ({ value: promptOf(day, isFrench(day)) }),
    keywords: async (day) => ({ value: keywordsOf(day) }),
    similarEvents: async (description) => ({
      value: ideasFor(description, languageOfWords(description) === 'fr'),
    }),
    sanitize: async (prompt) => ({ value: makeSafe(prompt).text }),
    enhance: async (day) => {
      const own = [...new Set([...(day.keywords ?? []), ...keywordsOf(day)])].slice(0, MOST_KEYWORDS);
      const usual = USUAL_KEYWORDS[isFrench(day) ? 'fr' : 'en'].filter((word) => !own.includes(word));
      return {
        value: {
          promptSeed: promptOf(day, isFrench(day)),
          keywords: [...own, ...usual.slice(0, Math.max(0, FEWEST_KEYWORDS - own.length))],
        },
      };
    },
  };
}
