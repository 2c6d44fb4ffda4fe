/** Endings that the same word may have in a question and in what was said: "living", "lives". */
const ENDING = 3;
const SHORTEST_BEGINNING = 3;

/**
 * Tells quickly which texts may have to do with some words, so that only those are cut into sentences and weighed: a day of
 * talk is half a megabyte.
 */
export function concerning(words: readonly string[]): (text: string) => boolean {
  const beginnings = words.map((word) =>
    word.toLowerCase().slice(0, Math.max(SHORTEST_BEGINNING, word.length - ENDING)),
  );
  return (text) => {
    const plain = text.toLowerCase();
    return beginnings.some((beginning) => plain.includes(beginning));
  };
}
