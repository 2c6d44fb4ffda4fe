import { keywords } from '../../../platform/ai/builtin/language.js';
import type { LanguageCode } from '../language.js';
import { makeSafe } from '../safety/content-filter.js';

const FEWEST_WORDS = 3;
const MOST_WORDS = 6;
/** What a title may be about stands at the beginning of a description. */
const WORDS_LOOKED_AT = 120;

/** For what can be said in one or two words, and for what cannot be said. */
const FRAMES: Readonly<Record<LanguageCode, { readonly about: string; readonly otherwise: string }>> = {
  en: { about: 'The {} Adventure', otherwise: 'A Very Special Day' },
  fr: { about: 'La belle aventure : {}', otherwise: 'Une journée pas comme les autres' },
  es: { about: 'La gran aventura: {}', otherwise: 'Un día muy especial' },
  de: { about: 'Das große Abenteuer: {}', otherwise: 'Ein ganz besonderer Tag' },
  it: { about: 'La grande avventura: {}', otherwise: 'Un giorno molto speciale' },
};
const SMALL = new Set('a an the and or but of in on at to for with from by as is are his her its'.split(' '));

/**
 * A title of three to six words, by rules: the stretch of the text's own words that says most, begins and ends with words
 * that say something, and frightens nobody.
 */
export function titleOf(text: string, language: LanguageCode): string {
  const telling = new Set(keywords(text, 60));
  const isTelling = (word: string) => telling.has(plain(word));
  const clauses = clausesOf(text);
  const stretches = clauses.flatMap((clause, place) =>
    clause.flatMap((first, start) =>
      isTelling(first)
        ? lengths
            .map((length) => clause.slice(start, start + length))
            .filter((words, index) => words.length === lengths[index] && isTelling(words.at(-1) ?? ''))
            .map((words) => ({ words, worth: worthOf(words.filter(isTelling).length, words.length, place) }))
        : [],
    ),
  );
  const best = stretches
    .sort((one, other) => other.worth - one.worth)
    .map(({ words }) => words.join(' '))
    .find(isFriendly);
  if (best !== undefined) return inTitleCase(best, language);

  const { about, otherwise } = FRAMES[language];
  const short = clauses.flat().filter(isTelling).slice(0, 2).join(' ');
  return short && isFriendly(short) ? about.replace('{}', () => inTitleCase(short, language)) : otherwise;
}

const lengths = Array.from({ length: MOST_WORDS - FEWEST_WORDS + 1 }, (_, index) => FEWEST_WORDS + index);

/** Words that say something count, others cost, and what is said first is worth a little more. */
const worthOf = (telling: number, length: number, place: number): number =>
  telling * 3 - (length - telling) - place * 0.5;

const plain = (word: string): string => word.toLowerCase().replaceAll('’', "'");

/** Stretches between punctuation marks, as words. */
function clausesOf(text: string): string[][] {
  let left = WORDS_LOOKED_AT;
  return text
    .split(/[^\p{L}\p{N}\s'’-]+|\n+/u)
    .map((clause) => (clause.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []).slice(0, left))
    .filter((words) => {
      left = Math.max(0, left - words.length);
      return words.length > 0;
    });
}

const isFriendly = (words: string): boolean => makeSafe(words).risk === 'safe';

/** English titles have capitals, others only at their beginning. */
function inTitleCase(words: string, language: LanguageCode): string {
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  if (language !== 'en') return capital(words);
  return words
    .split(' ')
    .map((word, index) => (index > 0 && SMALL.has(word) ? word : capital(word)))
    .join(' ');
}
