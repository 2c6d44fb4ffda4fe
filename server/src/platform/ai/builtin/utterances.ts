import { splitText } from '../split-text.js';

/** Flite's time and memory grow with an utterance; longer sentences are cut. */
const longestUtterance = 250;
/** A word longer than this is no word; it is read in parts. */
const longestWord = 50;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** What Flite, which knows ASCII only, would leave out although it has a plain spelling. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201B\u02BC]/g, "'"],
  [/[\u201C\u201D\u201E\u00AB\u00BB]/g, '"'],
  [/[\u2010\u2011]/g, '-'],
  [/[\u2012-\u2015\u2212]/g, ', '],
  [/\u2026/g, '... '],
  [/[\u3002\uFF0E]/g, '. '],
  [/[\u3001\uFF0C]/g, ', '],
  [/\uFF01/g, '! '],
  [/\uFF1F/g, '? '],
  [/€\s?(\d+(?:[.,]\d+)*)/g, '$1 euros'],
  [/€/g, ' euros '],
  [/£\s?(\d+(?:[.,]\d+)*)/g, '$1 pounds'],
  [/£/g, ' pounds '],
  [/°/g, ' degrees '],
  [/ß/g, 'ss'],
  [/[æÆ]/g, 'ae'],
  [/[œŒ]/g, 'oe'],
  [/[øØ]/g, 'o'],
  [/[łŁ]/g, 'l'],
  [/[đĐðÐ]/g, 'd'],
  [/[þÞ]/g, 'th'],
];

export const unreadable = 'The built in voice reads English only, and found nothing to read in this text.';

/**
 * What Flite is to say, sentence by sentence, in printable ASCII. Accents are dropped, typographic marks are put
 * plainly, and characters of other scripts, which Flite cannot read, are left out. A text with letters or pictures of
 * which nothing is left says so aloud (`unreadable`), since silence would look like a fault; one of punctuation only
 * gives no utterances.
 */
export function utterances(text: string): string[] {
  const plain = plainSpelling(text);
  if (/[A-Za-z0-9]/.test(plain)) return cutSentences(plain);
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text) ? [unreadable] : [];
}

function plainSpelling(text: string): string {
  let plain = text;
  for (const [pattern, spelling] of spellings) plain = plain.replace(pattern, spelling);
  return plain
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e\n]/g, ' ')
    .replace(new RegExp(`[^\\s]{${longestWord}}(?=\\S)`, 'g'), '$& ');
}

function cutSentences(plain: string): string[] {
  const found: string[] = [];
  for (const paragraph of plain.split(/\n\s*\n/))
    for (const { segment } of sentences.segment(paragraph.replace(/\s+/g, ' ')))
      for (const piece of splitText(segment, longestUtterance))
        if (/[A-Za-z0-9]/.test(piece)) found.push(piece.trim());
  return found;
}
