export interface Piece {
  readonly text: string;
  /** It is in this text and not in the other one. */
  readonly isOwn: boolean;
  /** Where it begins, in words. */
  readonly at: number;
}

/** More words than this on both sides are compared by their beginnings and ends only. */
const COMPARABLE_WORDS = 1_500;

/** A text in pieces: what the other one has as well, and what it has not. By words, the longest common sequence. */
export function differences(own: string, other: string): readonly Piece[] {
  const mine = own.match(/\s*\S+/g) ?? [];
  const theirs = other.match(/\s*\S+/g) ?? [];
  let start = 0;
  while (start < mine.length && start < theirs.length && mine[start] === theirs[start]) start += 1;
  let end = 0;
  while (
    end < mine.length - start &&
    end < theirs.length - start &&
    mine[mine.length - 1 - end] === theirs[theirs.length - 1 - end]
  ) {
    end += 1;
  }
  const middle = mine.slice(start, mine.length - end);
  const common = commonWords(middle, theirs.slice(start, theirs.length - end));
  const pieces: Piece[] = [];
  mine.forEach((word, at) => {
    const isOwn = at >= start && at < mine.length - end && !common.has(at - start);
    const last = pieces.at(-1);
    if (last?.isOwn === isOwn) pieces[pieces.length - 1] = { ...last, text: last.text + word };
    else pieces.push({ text: word, isOwn, at });
  });
  return pieces;
}

/** The places in `mine` of the words of a longest common sequence. */
function commonWords(mine: readonly string[], theirs: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  if (mine.length > COMPARABLE_WORDS || theirs.length > COMPARABLE_WORDS) return found;
  const width = theirs.length + 1;
  const lengths = new Uint16Array((mine.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = mine.length - 1; row >= 0; row -= 1) {
    for (let column = theirs.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        mine[row]?.trim() === theirs[column]?.trim()
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  let row = 0;
  let column = 0;
  while (row < mine.length && column < theirs.length) {
    if (mine[row]?.trim() === theirs[column]?.trim()) {
      found.add(row);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return found;
}
