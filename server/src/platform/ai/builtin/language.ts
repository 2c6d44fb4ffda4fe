import { shortRuns } from '../../short-runs.js';
import { splitText } from '../split-text.js';

/** The languages that the built-in engine has rules for, by their ISO 639-1 codes. */
const knownLanguages = ['en', 'fr', 'es', 'de', 'it'] as const;

export type KnownLanguage = (typeof knownLanguages)[number];

/** Words that say how, not what. */
const stopWords: Readonly<Record<KnownLanguage, ReadonlySet<string>>> = {
  en: setOf(
    "a about after again all also am an and any are as at be because been before being but by can could did do does doing don't down for from get go going good got had has have he her here him his how i i'm if in into is it it's its just know let like me more my no not now of off oh ok okay on one or our out over really right said say she should so some than that that's the their them then there these they this those to too um up us very was we well were what when where which who will with would yeah yes you your",
  ),
  fr: setOf(
    'a ai alors au aussi aux avec avoir bien c ce ces cette comme d dans de des donc du elle elles en est et etait ete etre eu fait il ils j je l la le les leur lui m ma mais me meme mes moi mon n ne nous on ou par pas plus pour qu que qui s sa se ses si son sont sur t ta te tes toi ton tres tu un une vos votre vous y été être à où',
  ),
  es: setOf(
    'a al algo con como cuando de del el ella ellos en es esta este esto ha hay la las le les lo los me mi mis muy más no nos o para pero por porque que se si sin sobre son su sus también te tu un una y ya yo él está',
  ),
  de: setOf(
    'aber als am an auch auf aus bei bin bis da das dass dein dem den der des die dir doch du ein eine einem einen einer er es für hat haben ich ihr im in ist ja kann mein mich mir mit nach nicht noch nur oder schon sein sich sie sind so und uns von war was wenn wie wir wird zu zum zur über',
  ),
  it: setOf(
    'a ai al alla anche che chi ci come con cosa da dei del della di e ed era gli ha ho i il in io la le lei lo lui ma mi mia mio ne nel no noi non o per perché più quando questa questo se si sono su sua suo ti tra tu un una uno voi è',
  ),
};

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

const segmenters = {
  sentence: new Intl.Segmenter('en', { granularity: 'sentence' }),
  word: new Intl.Segmenter('en', { granularity: 'word' }),
};

/** Lines are segmented in pieces of this length: {@link shortRuns} says why. */
const LONGEST_LINE = 2_000;

/** The sentences of a text, without white space around them. */
export const splitSentences = (text: string): string[] =>
  text
    .split(/\n+/)
    .flatMap((line) => splitText(line, LONGEST_LINE))
    .flatMap((line) => [...segmenters.sentence.segment(line)].map(({ segment }) => segment.trim()))
    .filter(Boolean);

/** The words of a text in small letters, without punctuation. */
export const splitWords = (text: string): string[] =>
  shortRuns(text.replaceAll('\u2019', "'")).flatMap((run) =>
    [...segmenters.word.segment(run)]
      .filter(({ isWordLike }) => isWordLike)
      .map(({ segment }) => segment.toLowerCase()),
  );

/**
 * The language that most of the words belong to.
 *
 * @returns null when there are too few telling words
 */
export function detectLanguage(text: string): KnownLanguage | null {
  const words = splitWords(text).slice(0, 2_000);
  const ranked = knownLanguages
    .map((language) => ({
      language,
      hits: words.filter((word) => stopWords[language].has(word)).length,
    }))
    .sort((one, other) => other.hits - one.hits);
  const [first, second] = ranked;
  return first && first.hits > 0 && first.hits > (second?.hits ?? 0) ? first.language : null;
}

const isTelling = (word: string): boolean =>
  word.length > 2 &&
  !/^\d+$/.test(word) &&
  knownLanguages.every((language) => !stopWords[language].has(word));

/** What a text is about: its most frequent telling words, the earlier ones first among equals. */
export function keywords(text: string, most = 8): string[] {
  const counts = new Map<string, number>();
  for (const word of splitWords(text)) if (isTelling(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, most)
    .map(([word]) => word);
}

/** How much of what matters in a text each sentence says; longer ones do not win by their length. */
function weighed(sentences: readonly string[]): number[] {
  const top = new Map(keywords(sentences.join(' '), 12).map((word, index) => [word, 12 - index]));
  return sentences.map((sentence, index) => {
    const words = splitWords(sentence);
    const weight = [...new Set(words)].reduce((sum, word) => sum + (top.get(word) ?? 0), 0);
    return words.length < 4 ? 0 : weight / Math.sqrt(words.length) + (index === 0 ? 1 : 0);
  });
}

/** The sentences that say most, in their own words and order. */
export function summarize(text: string, mostSentences = 3): string {
  const sentences = splitSentences(text);
  const weights = weighed(sentences);
  const chosen = new Set(
    sentences
      .map((_, index) => index)
      .sort((one, other) => (weights[other] ?? 0) - (weights[one] ?? 0))
      .slice(0, mostSentences),
  );
  return sentences.filter((_, index) => chosen.has(index)).join(' ');
}

/** Three to six words for a text: the telling beginning of its most telling sentence; empty for an empty text. */
export function titleFor(text: string, mostWords = 6): string {
  const [sentence = ''] = splitSentences(summarize(text, 1));
  const words = sentence.replace(/[.!?…"“”«»]+/g, '').split(/\s+/);
  const first = words.findIndex((word) => splitWords(word).some(isTelling));
  const title = words
    .slice(Math.max(0, first), Math.max(0, first) + mostWords)
    .join(' ')
    .replace(/[\s,;:–—-]+$/, '');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** How many telling words of a question a text shares with it. */
export function overlap(question: string, text: string): number {
  const stems = new Set(splitWords(text).map(stem));
  return new Set(
    splitWords(question)
      .filter(isTelling)
      .map(stem)
      .filter((word) => stems.has(word)),
  ).size;
}

const stem = (word: string): string => word.replace(/'s$/, '').replace(/(?:ing|ed|es|e|s)$/, '');
