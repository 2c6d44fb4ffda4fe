import { errors } from '../../../platform/http/errors.js';
import type { LanguageCode } from '../language.js';
import {
  additions,
  brightnessWords,
  companionWords,
  highRisk,
  injectionPatterns,
  mediumRisk,
  replacements,
} from './word-lists.js';

export type Risk = 'safe' | 'low' | 'medium' | 'high';

export interface FilteredPrompt {
  /** Fit for a picture for children. */
  readonly text: string;
  /** Of what was given, not of `text`. */
  readonly risk: Risk;
}

/** Whole words of any alphabet: `war` is not in `reward`. */
const words = (alternatives: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}_])(?:${alternatives})(?![\\p{L}\\p{N}_])`, 'giu');

const high = words(highRisk.join('|'));
const medium = words(mediumRisk.join('|'));
const exchanges = replacements.map(([pattern, instead]) => [words(pattern), instead] as const);
const companions = words(companionWords);
const brightness = words(brightnessWords);
/** Anything but basic and extended Latin, punctuation and white space. */
const FOREIGN = /[^\p{Script=Latin}\p{N}\p{P}\p{Zs}\n$+<=>^`|~°]/gu;

/**
 * Makes a description fit for a picture for children (contract §5): orders to the model go, frightening words become
 * friendly ones in five languages, companions and brightness are added where they are missing.
 *
 * @param language of the sentences that are added
 */
export function makeSafe(given: string, language: LanguageCode = 'en'): FilteredPrompt {
  const latin = given.normalize('NFC').replace(FOREIGN, '');
  const obeyed = injectionPatterns.reduce((text, pattern) => text.replace(pattern, ' '), latin);
  const friendly = exchanges.reduce((text, [pattern, instead]) => text.replace(pattern, instead), obeyed);
  const tidy = friendly
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ +([,.;:!?])/g, '$1')
    .trim();
  return { text: withAdditions(tidy, language), risk: riskOf(latin, obeyed, friendly) };
}

/**
 * The same for words that a user wrote for a picture.
 *
 * @throws AppError 400 for high risk
 */
export function safePrompt(given: string, language: LanguageCode = 'en'): string {
  const { text, risk } = makeSafe(given, language);
  if (risk === 'high') throw errors.badRequest('Content safety check failed');
  return text;
}

/** Whether words may be told or drawn as they are. */
export function isFit(words: string): boolean {
  const { risk } = makeSafe(words);
  return risk === 'safe' || risk === 'low';
}

function riskOf(latin: string, obeyed: string, friendly: string): Risk {
  if (obeyed !== latin || isFound(high, latin)) return 'high';
  if (isFound(medium, latin)) return 'medium';
  return friendly === obeyed ? 'safe' : 'low';
}

/** `search` ignores the state that global patterns keep. */
const isFound = (pattern: RegExp, text: string): boolean => text.search(pattern) >= 0;

function withAdditions(text: string, language: LanguageCode): string {
  const ended = text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
  return [
    ended,
    ...(isFound(companions, text) ? [] : [additions[language].companions]),
    ...(isFound(brightness, text) ? [] : [additions[language].brightness]),
  ]
    .filter(Boolean)
    .join(' ');
}
