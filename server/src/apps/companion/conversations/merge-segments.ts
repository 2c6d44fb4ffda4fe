import type { NewSegment } from '../services.js';
import type { SegmentRow } from '../tables.js';

/** Pauses up to here do not end what somebody says (contract §4.4). */
const JOINED_PAUSE_SECONDS = 30;
/** A speech of one person is cut here, so that an hour's monologue is not sent anew with each of its sentences. */
const SEGMENT_CHARACTERS = 4_000;

/** True when the next segment goes on with what the last one says. */
export const continues = (
  last: Pick<SegmentRow, 'speaker' | 'is_user' | 'person_id' | 'end_at' | 'text' | 'source'>,
  next: NewSegment,
): boolean =>
  last.speaker === next.speaker &&
  last.is_user === next.is_user &&
  last.person_id === next.person_id &&
  (last.source ?? null) === (next.source ?? null) &&
  next.start_at - last.end_at < JOINED_PAUSE_SECONDS &&
  last.text.length + next.text.length < SEGMENT_CHARACTERS;

/** Joins a run of new segments as far as they continue each other. */
export function joined(segments: readonly NewSegment[]): NewSegment[] {
  const runs: NewSegment[] = [];
  for (const next of segments) {
    const last = runs.at(-1);
    if (last && continues({ source: null, ...last }, next)) {
      runs[runs.length - 1] = {
        ...last,
        text: `${last.text} ${next.text}`,
        end_at: Math.max(last.end_at, next.end_at),
      };
    } else {
      runs.push(next);
    }
  }
  return runs;
}
