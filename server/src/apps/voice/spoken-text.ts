/** What is written before and after Markdown's emphasis, code and headings. */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/```[^\n`]*\n?|```/g, ''],
  [/!\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/\[([^\]]+)\]\([^)]*\)/g, '$1'],
  [/^[ \t]{0,3}#{1,6}[ \t]+/gm, ''],
  [/^[ \t]*>[ \t]?/gm, ''],
  [/^[ \t]*[-*+][ \t]+/gm, ''],
  [/^[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/gm, ''],
  [/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2'],
  [/(?<![\w*])[*_](?=\S)([^*_\n]+?)(?<=\S)[*_](?![\w*])/g, '$1'],
  [/`([^`\n]+)`/g, '$1'],
];

/** The words of a Markdown text as a person would read them aloud: no marks, no addresses of links. */
export const spokenText = (markdown: string): string =>
  MARKS.reduce((text, [mark, words]) => text.replace(mark, words), markdown);

/** Cuts a text that is still being written into sentences, so that the first can be spoken while the rest is on its way. */
export interface SentenceCutter {
  /** @returns the sentences that are complete now, with the white space behind them */
  push(text: string): string[];
  /** No more text: what is left. */
  end(): string[];
}

const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

export function createSentenceCutter(): SentenceCutter {
  let rest = '';
  return {
    push: (text) => {
      rest += text;
      const found = [...sentences.segment(rest)].map(({ segment }) => segment);
      // The last one may go on, even if it ends with a full stop: "3." may become "3.5".
      rest = found.pop() ?? '';
      return found;
    },
    end: () => {
      const last = rest;
      rest = '';
      return last.trim() === '' ? [] : [last];
    },
  };
}
