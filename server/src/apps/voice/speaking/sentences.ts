/** Cuts a text that is still being written into what can be spoken already. */
export interface SentenceCutter {
  /** @returns the sentences that are complete now */
  add(text: string): string[];
  /** What is left when no more text comes. */
  rest(): string[];
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
/** A shorter sentence ("Yes.") is spoken together with the next: voices need a run-up. */
const SHORTEST = 12;
/** A sentence that does not end is cut behind a word. */
const LONGEST = 400;

export function createSentenceCutter(): SentenceCutter {
  let waiting = '';
  const cut = (isComplete: boolean): string[] => {
    const pieces: string[] = [];
    let piece = '';
    const segments = [...segmenter.segment(waiting)].map(({ segment }) => segment);
    // The last one may go on: "3." may become "3.5".
    const open = isComplete ? '' : (segments.pop() ?? '');
    for (const segment of segments) {
      piece += segment;
      if (piece.trim().length < SHORTEST) continue;
      pieces.push(piece);
      piece = '';
    }
    waiting = piece + open;
    if (isComplete && waiting !== '') {
      pieces.push(waiting);
      waiting = '';
    }
    while (waiting.length > LONGEST) {
      const space = waiting.lastIndexOf(' ', LONGEST);
      const end = space > 0 ? space + 1 : LONGEST;
      pieces.push(waiting.slice(0, end));
      waiting = waiting.slice(end);
    }
    return pieces.filter((text) => text.trim() !== '');
  };
  return {
    add: (text) => {
      waiting += text;
      return cut(false);
    },
    rest: () => cut(true),
  };
}
