/**
 * Which paragraph is read at this time: the voice is steady, so a paragraph takes its share of the letters.
 *
 * @param share how much has been read, 0..1
 */
export function paragraphAt(paragraphs: readonly string[], share: number): number {
  const letters = paragraphs.reduce((sum, { length }) => sum + length, 0);
  let read = 0;
  for (const [place, { length }] of paragraphs.entries()) {
    read += length;
    if (share * letters < read) return place;
  }
  return Math.max(0, paragraphs.length - 1);
}
