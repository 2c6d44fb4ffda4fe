/** Marks such as `[1]` or `[2, 3]`, with the blanks before them. */
const MARK = /[ \t]*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;
/** The end of a text that may become a mark with what comes next. */
const UNFINISHED = /[ \t]*(?:\[[\d,\s]{0,30})?$/;

/** Takes citation marks out of an answer while it is written, and remembers them. */
export interface CitationFilter {
  /** @returns what can be shown of everything so far and was not yet */
  write(text: string): string;
  end(): string;
  /** The numbers that were cited, in the order of their first mark. */
  readonly cited: ReadonlySet<number>;
}

export function createCitationFilter(): CitationFilter {
  const cited = new Set<number>();
  let held = '';
  const clean = (text: string): string =>
    text.replace(MARK, (_, numbers: string) => {
      for (const number of numbers.split(',')) cited.add(Number(number));
      return '';
    });
  return {
    cited,
    write: (text) => {
      const all = held + text;
      const from = UNFINISHED.exec(all)?.index ?? all.length;
      held = all.slice(from);
      return clean(all.slice(0, from));
    },
    end: () => {
      const rest = clean(held);
      held = '';
      return rest;
    },
  };
}
