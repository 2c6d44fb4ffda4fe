import { shortRuns } from '../short-runs.js';

/** So much of a text is made findable; PostgreSQL's index entry of one document must stay below 1 MB. */
const INDEXED_CHARACTERS = 400_000;
/** Longer runs of letters are no words, and indexes refuse them. */
const WORD_CHARACTERS = 100;
/** More words than this do not make a question clearer. */
const QUERY_WORDS = 32;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The words of a text as both indexes know them: lower case, without accents, also from scripts without spaces. */
export function wordsOf(text: string): string[] {
  const plain = text.slice(0, INDEXED_CHARACTERS).normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const words: string[] = [];
  for (const run of shortRuns(plain)) {
    for (const { segment, isWordLike } of segmenter.segment(run)) {
      // The segmenter keeps `don't` and `3.5` together; the indexes' own tokenizers would not.
      if (isWordLike)
        words.push(...(segment.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.slice(0, WORD_CHARACTERS)));
    }
  }
  return words;
}

/** The distinct words of a question, in its order. */
export const queryWordsOf = (question: string): string[] =>
  [...new Set(wordsOf(question.slice(0, 2_000)))].slice(0, QUERY_WORDS);
