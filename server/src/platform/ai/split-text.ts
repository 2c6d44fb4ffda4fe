const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });
const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

const paragraphEnd = /\n[^\S\n]*\n\s*/g;
/** Full stops of scripts that write without spaces; they end a sentence whatever the locale's rules say. */
const fullStop = /[\u3002\uFF01\uFF1F]+["'\u201D\u2019\u300D\u300F)\uFF09]*\s*/g;
const clauseEnd = /[,;:\u2013\u2014](?=\s)\s*|[\u3001\uFF0C\uFF1B\uFF1A]\s*|\n\s*/g;
const space = /\s+/g;

/**
 * Cuts a text into pieces of at most `limit` code points for engines that take no more at a time.
 *
 * A text within the limit comes back as it is, in one piece. A longer one is cut at the end of a paragraph, else of a
 * sentence, else of a clause, else of a word, else between graphemes (a grapheme longer than the limit, between code
 * points). Put together, the pieces are the text again, but for stretches of white space that would have been pieces
 * of their own; a text of nothing but white space that exceeds the limit has no pieces. The time grows with the length.
 *
 * @param limit code points, at least 1
 */
export function splitText(text: string, limit: number): string[] {
  if (text === '') return [];
  if (countCodePoints(text) <= limit) return [text];
  const marks = marksOf(text);
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const full = codePointsOnward(text, start, limit);
    const end = full >= text.length ? text.length : cut(text, start, full, marks);
    const piece = text.slice(start, end);
    if (piece.trim() !== '') pieces.push(piece);
    start = end;
  }
  return pieces;
}

/** How good a place between two UTF-16 units is for a cut; 0 = would tear a grapheme apart. */
const rank = { grapheme: 1, clause: 2, sentence: 3, paragraph: 4 } as const;

function marksOf(text: string): Uint8Array {
  const marks = new Uint8Array(text.length + 1);
  for (const { index } of graphemes.segment(text)) marks[index] = rank.grapheme;
  const mark = (index: number, value: number) => {
    if ((marks[index] ?? 0) !== 0) marks[index] = Math.max(marks[index] ?? 0, value);
  };
  const markEnds = (pattern: RegExp, value: number) => {
    for (const match of text.matchAll(pattern)) mark(match.index + match[0].length, value);
  };
  markEnds(clauseEnd, rank.clause);
  for (const { index, segment } of sentences.segment(text)) {
    // A single line break is where a line was full, not where a sentence ends.
    if (!/[^.!?\s"')\u2019\u201D\]]\s*\n\s*$/u.test(segment.slice(-200)))
      mark(index + segment.length, rank.sentence);
  }
  markEnds(fullStop, rank.sentence);
  markEnds(paragraphEnd, rank.paragraph);
  return marks;
}

/** The best end of a piece that begins at `start` and may reach to `full`. */
function cut(text: string, start: number, full: number, marks: Uint8Array): number {
  const best = new Map<number, number>();
  for (let index = full; index > start; index -= 1) {
    const value = marks[index] ?? 0;
    if (value > 0 && !best.has(value)) best.set(value, index);
  }
  const room = full - start;
  const paragraph = best.get(rank.paragraph) ?? 0;
  // A heading is not worth a piece of its own when sentences behind it fit as well.
  if (paragraph - start >= room / 2) return paragraph;
  const sentence = Math.max(paragraph, best.get(rank.sentence) ?? 0);
  if (sentence > 0) return sentence;
  const clause = best.get(rank.clause) ?? 0;
  if (clause - start >= room / 4) return clause;
  return lastWordEnd(text, start, full, marks) ?? best.get(rank.grapheme) ?? full;
}

/** The end of the last word, its white space included; without white space, where a dictionary sees words end. */
function lastWordEnd(text: string, start: number, full: number, marks: Uint8Array): number | undefined {
  const window = text.slice(start, full);
  let end: number | undefined;
  const consider = (offset: number) => {
    if (offset > 0 && (marks[start + offset] ?? 0) > 0) end = start + offset;
  };
  for (const match of window.matchAll(space)) consider(match.index + match[0].length);
  if (end !== undefined) return end;
  for (const { index } of words.segment(window)) consider(index);
  return end;
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The index `count` code points after `index`; never inside a surrogate pair. */
function codePointsOnward(text: string, index: number, count: number): number {
  let position = index;
  for (let step = 0; step < count && position < text.length; step += 1)
    position += (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
  return position;
}
