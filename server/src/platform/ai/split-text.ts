const segmenters = {
  grapheme: new Intl.Segmenter(undefined, { granularity: 'grapheme' }),
  word: new Intl.Segmenter(undefined, { granularity: 'word' }),
  sentence: new Intl.Segmenter(undefined, { granularity: 'sentence' }),
};

const paragraphEnd = /\n[^\S\n]*\n\s*/g;
/** Full stops of scripts that write without spaces; they end a sentence whatever the locale's rules say. */
const fullStop = /[\u3002\uFF01\uFF1F]+["'\u201D\u2019\u300D\u300F)\uFF09]*\s*/g;
const clauseEnd = /[,;:\u2013\u2014](?=\s)\s*|[\u3001\uFF0C\uFF1B\uFF1A]\s*|\n\s*/g;
const space = /\s+/g;
/** A line that ended because it was full, not because the sentence did. */
const fullLine = /[^.!?\s"')\u2019\u201D\]]\s*\n\s*$/u;

/** How far beyond a piece its surroundings are looked at, in UTF-16 units; longer than any real grapheme. */
const LOOKAHEAD = 64;
/** How many sentence ends that are none (full lines) are passed over before the next kind of cut is tried. */
const SENTENCES_TRIED = 50;

/**
 * Cuts a text into pieces of at most `limit` code points for engines that take no more at a time.
 *
 * A text within the limit comes back as it is, in one piece. A longer one is cut at the end of a paragraph, else of a
 * sentence, else of a clause, else of a word, else between graphemes (a grapheme longer than the limit, between code
 * points). Put together, the pieces are the text again, but for stretches of white space that would have been pieces
 * of their own; a text of nothing but white space that exceeds the limit has no pieces. The time grows with the
 * length: only the neighbourhood of each cut is segmented (50,000 characters take about 10 ms).
 *
 * @param limit code points, at least 1
 */
export function splitText(text: string, limit: number): string[] {
  if (text === '') return [];
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const full = codePointsOnward(text, start, limit);
    if (start === 0 && full === text.length) return [text];
    const end =
      full === text.length ? full : start + cutWithin(text.slice(start, full + LOOKAHEAD), full - start);
    const piece = text.slice(start, end);
    if (piece.trim() !== '') pieces.push(piece);
    start = end;
  }
  return pieces;
}

/**
 * The best end of a piece.
 *
 * @param view the text from the start of the piece to a little beyond its end
 * @param room where the piece must end at the latest, a place between two code points
 */
function cutWithin(view: string, room: number): number {
  const graphemes = segmenters.grapheme.segment(view);
  const isBoundary = (index: number) => graphemes.containing(index)?.index === index;
  const lastEnd = (pattern: RegExp): number => {
    let end = 0;
    for (const match of view.matchAll(pattern)) {
      const index = match.index + match[0].length;
      if (index > room) {
        // White space that reaches beyond the room: cut in the middle of it, at the room's end.
        if (match.index < room && view.slice(room, index).trim() === '' && isBoundary(room)) end = room;
        break;
      }
      if (isBoundary(index)) end = index;
    }
    return end;
  };

  const paragraph = lastEnd(paragraphEnd);
  // A heading is not worth a piece of its own when sentences behind it fit as well.
  if (paragraph >= room / 2) return paragraph;
  const sentence = Math.max(paragraph, lastEnd(fullStop), lastSentenceEnd(view, room));
  if (sentence > 0) return sentence;
  const clause = lastEnd(clauseEnd);
  if (clause >= room / 4) return clause;
  const word = lastEnd(space) || startOfSegment(segmenters.word.segment(view), room);
  if (word > 0 && isBoundary(word)) return word;
  return startOfSegment(graphemes, room) || room;
}

/** The last sentence boundary within the room, 0 when there is none. */
function lastSentenceEnd(view: string, room: number): number {
  const sentences = segmenters.sentence.segment(view);
  let end = startOfSegment(sentences, room);
  for (let tried = 0; end > 0 && tried < SENTENCES_TRIED; tried += 1) {
    if (!fullLine.test(view.slice(Math.max(0, end - 200), end))) return end;
    end = startOfSegment(sentences, end - 1);
  }
  return 0;
}

/** Where the segment around a place begins: the nearest boundary at or before it. */
const startOfSegment = (segments: Intl.Segments, index: number): number =>
  segments.containing(index)?.index ?? 0;

/** The index `count` code points after `index`, at most the text's end; never inside a surrogate pair. */
function codePointsOnward(text: string, index: number, count: number): number {
  let position = index;
  for (let step = 0; step < count && position < text.length; step += 1) {
    position += (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
  }
  return position;
}
