import type { SegmentRow } from '../tables.js';

/** What was said by whom. */
export interface SpokenLine {
  /** A name, `You` for the user, else `Speaker 1`. */
  readonly speaker: string;
  readonly text: string;
}

/** @param names of the people whom the user knows, by their ids */
export const spokenLines = (
  segments: readonly SegmentRow[],
  names: ReadonlyMap<string, string>,
): SpokenLine[] =>
  segments.map(({ is_user, person_id, speaker, text }) => ({
    speaker: is_user === 1 ? 'You' : (names.get(person_id ?? '') ?? speakerName(speaker)),
    text,
  }));

const speakerName = (speaker: string): string => `Speaker ${Number(speaker.split('_')[1] ?? 0) + 1}`;
