import type { SegmentRow } from '../tables.js';

/** Who else is told of live audio. Never waits, never throws. */
export interface LiveTap {
  /** After the words were stored. */
  heard(userId: string, conversationId: string, segments: readonly SegmentRow[]): void;
  audio(userId: string, sampleRate: number, samples: Int16Array): void;
}
