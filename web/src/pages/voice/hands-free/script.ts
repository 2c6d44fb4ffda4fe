interface Line {
  /** How many samples had come before these words. */
  readonly from: number;
  readonly words: string;
}

/** Which words belong to which sound of an answer: words come no later than their sound. */
export interface Script {
  readonly addWords: (words: string) => void;
  readonly addSamples: (count: number) => void;
  readonly text: () => string;
  /** The words that were heard when so many samples were played; one piece of them is cut by its share of the sound. */
  readonly heardAt: (samples: number) => string;
}

export function createScript(): Script {
  const lines: Line[] = [];
  let total = 0;
  return {
    addWords: (words) => lines.push({ from: total, words }),
    addSamples: (count) => {
      total += count;
    },
    text: () => lines.map(({ words }) => words).join(''),
    heardAt: (samples) => {
      let heard = '';
      // Words that came together share the sound that came after them.
      for (let first = 0; first < lines.length; ) {
        const from = lines[first]?.from ?? 0;
        let end = first;
        let words = '';
        while (lines[end]?.from === from) {
          words += lines[end]?.words ?? '';
          end += 1;
        }
        const until = lines[end]?.from ?? total;
        if (samples >= until) heard += words;
        else {
          if (samples > from) heard += firstWords(words, (samples - from) / (until - from));
          break;
        }
        first = end;
      }
      return heard.trim();
    },
  };
}

/** So many of the words as their share says. */
function firstWords(text: string, share: number): string {
  const words = text.match(/\s*\S+/g) ?? [];
  return words.slice(0, Math.floor(words.length * share)).join('');
}
