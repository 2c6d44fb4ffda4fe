/** Ends of sentences, with the quotes and brackets that close after them. */
const END = /[.!?…。！？]+["'”’)\]]*(?=\s)|[。！？]|\n+/g;
const LONGEST = 220;

export interface SentenceCutter {
  /** Takes more of a text and returns the sentences that are whole now. */
  readonly add: (text: string) => readonly string[];
  /** What is left when the text is over. */
  readonly rest: () => readonly string[];
}

/** Cuts a text into sentences while it is still being written, as speech of whole texts would begin late. */
export function createSentenceCutter(): SentenceCutter {
  let held = '';
  const take = (isOver: boolean): string[] => {
    const sentences: string[] = [];
    let start = 0;
    for (const { index, 0: end } of held.matchAll(END)) {
      sentences.push(...inBreaths(held.slice(start, index + end.length)));
      start = index + end.length;
    }
    held = held.slice(start);
    if (isOver) {
      sentences.push(...inBreaths(held));
      held = '';
    }
    return sentences.filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  };
  return {
    add: (text) => {
      held += text;
      return take(false);
    },
    rest: () => take(true),
  };
}

/** Browsers stop in the middle of long utterances, so these are cut at commas or spaces. */
function inBreaths(sentence: string): string[] {
  const parts: string[] = [];
  let rest = sentence.trim();
  while (rest.length > LONGEST) {
    const before = rest.slice(0, LONGEST);
    const comma = Math.max(before.lastIndexOf(', '), before.lastIndexOf('; '), before.lastIndexOf(': ')) + 1;
    const at = comma > LONGEST / 3 ? comma : Math.max(before.lastIndexOf(' '), 0) || LONGEST;
    parts.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  if (rest !== '') parts.push(rest);
  return parts;
}

/** A text without the marks of Markdown, as nobody says "asterisk asterisk". */
export const plainWords = (markdown: string): string =>
  markdown
    .replaceAll(/```[\s\S]*?(```|$)/g, ' ')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/https?:\/\/\S+/g, ' ')
    .replaceAll(/^\s{0,3}(#{1,6}|>|[-*+]|\d+\.)\s+/gm, '')
    .replaceAll(/[*_`~#|]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
