import { type RealtimeEvent, serverEvent } from './events.js';

/**
 * How long a turn took, in milliseconds from its beginning: the end of speech, or the request for an answer. An
 * extension of ours (`earshot.turn`), sent after `response.done`; clients that do not know it ignore it.
 */
export interface TurnReport {
  /** What the user said had been recognised. */
  readonly transcript_ms?: number;
  readonly first_text_ms?: number;
  readonly first_audio_ms?: number;
  readonly done_ms?: number;
}

export type Milestone = keyof TurnReport;

/** Measures one turn. */
export interface TurnClock {
  readonly turnId: string;
  /** Remembers the moment; the first one counts. */
  reach(milestone: Milestone): void;
  /** The report, as an event. */
  report(responseId: string): RealtimeEvent;
}

/** @param now a clock in milliseconds that never jumps */
export function createTurnClock(turnId: string, now: () => number): TurnClock {
  const begun = now();
  const reached: { -readonly [Name in Milestone]?: number } = {};
  return {
    turnId,
    reach: (milestone) => {
      reached[milestone] ??= Math.round(now() - begun);
    },
    report: (responseId) =>
      serverEvent('earshot.turn', { turn_id: turnId, response_id: responseId, latency: { ...reached } }),
  };
}
