import { detectLanguage } from '../../../platform/ai/builtin/language.js';
import { errors } from '../../../platform/http/errors.js';
import { type LanguageCode, languageCodes } from '../language.js';
import {
  additions,
  brightnessWords,
  companionWords,
  highRisk,
  injectionPatterns,
  mediumRisk,
  mediumRiskIn,
  replacements,
  replacementsIn,
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
const byLanguage = <T>(of: (language: LanguageCode) => T) =>
  Object.fromEntries(languageCodes.map((code) => [code, of(code)])) as Readonly<Record<LanguageCode, T>>;
const medium = byLanguage((code) => words([...mediumRisk, ...(mediumRiskIn[code] ?? [])].join('|')));
const exchanges = byLanguage((code) =>
  [...replacements, ...(replacementsIn[code] ?? [])].map(
    ([pattern, instead]) => [words(pattern), instead] as const,
  ),
);
const companions = words(companionWords);
const brightness = words(brightnessWords);
/** Anything but basic and extended Latin, punctuation and white space. */
const FOREIGN = /[^\p{Script=Latin}\p{N}\p{P}\p{Zs}\n$+<=>^`|~°]/gu;

/** Usual words of German and dangerous ones of English must not decide themselves which they are. */
const UNDECIDED = words('war|die');

/** English when the words do not say. */
export const languageOfWords = (text: string): LanguageCode =>
  detectLanguage(text.replace(UNDECIDED, ' ')) ?? 'en';

/**
 * Makes a description fit for a picture for children (contract §5): orders to the model go, frightening words become
 * friendly ones in five languages, companions and brightness are added where they are missing.
 *
 * @param language of the text and the sentences that are added; told from the words unless known
 */
export function makeSafe(given: string, language: LanguageCode = languageOfWords(given)): FilteredPrompt {
  const latin = given.normalize('NFC').replace(FOREIGN, '');
  const obeyed = injectionPatterns.reduce((text, pattern) => text.replace(pattern, ' '), latin);
  const friendly = exchanges[language].reduce(
    (text, [pattern, instead]) => text.replace(pattern, instead),
    obeyed,
  );
  const tidy = friendly
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ +([,.;:!?])/g, '$1')
    .trim();
  return { text: withAdditions(tidy, language), risk: riskOf(latin, obeyed, friendly, language) };
}

/**
 * The same for words that a user wrote for a picture.
 *
 * @throws AppError 400 for high risk
 */
export function safePrompt(given: string): string {
  const { text, risk } = makeSafe(given);
  if (risk === 'high') throw errors.badRequest('Content safety check failed');
  return text;
}

/** Whether words may be told or drawn as they are. */
export function isFit(words: string): boolean {
  const { risk } = makeSafe(words);
  return risk === 'safe' || risk === 'low';
}

function riskOf(latin: string, obeyed: string, friendly: string, language: LanguageCode): Risk {
  if (obeyed !== latin || isFound(high, latin)) return 'high';
  if (isFound(medium[language], latin)) return 'medium';
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
