import { Type } from 'typebox';
import { speakerOf } from '../conversations/presenter.js';
import type { PlacedWords } from './words-later.js';

/** Longer texts are no utterance. */
const MAX_TEXT = 20_000;
/** Larger numbers are seconds since 1970, not since the conversation began. */
const EPOCH_FROM = 1e9;
/** How fast people speak, where a device does not say when somebody began. */
const SECONDS_PER_WORD = 0.4;

const optionalNumber = Type.Optional(Type.Union([Type.Number(), Type.Null()]));
const optionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));

/** What a device recognised itself: message `transcript_segment` of contract §4.3. */
export const DeviceWords = Type.Object({
  text: Type.String(),
  speaker: optionalText,
  start: optionalNumber,
  end: optionalNumber,
  asr_provider: optionalText,
});

/**
 * Places such words in time. The app sends 0 and the seconds since 1970; others, seconds since the conversation began.
 *
 * @param began when the conversation did, epoch ms
 */
export function placedDeviceWords(
  message: {
    readonly text: string;
    readonly speaker?: string | null;
    readonly start?: number | null;
    readonly end?: number | null;
    readonly asr_provider?: string | null;
  },
  began: number,
  now: number,
): PlacedWords | null {
  const text = message.text.trim().slice(0, MAX_TEXT);
  if (text === '') return null;
  const instant = (seconds: number | null | undefined): number | null => {
    if (typeof seconds !== 'number' || seconds <= 0) return null;
    const at = seconds >= EPOCH_FROM ? seconds * 1_000 : began + seconds * 1_000;
    // A clock that runs ahead, or a number that means something else.
    return Math.min(now, Math.max(began, at));
  };
  const end = instant(message.end) ?? now;
  const length = text.split(/\s+/).length * SECONDS_PER_WORD * 1_000;
  const start = Math.min(end, instant(message.start) ?? Math.max(Math.min(began, end), end - length));
  return {
    origin: start,
    segments: [
      {
        text,
        speaker: speakerOf(message.speaker),
        is_user: 0,
        person_id: null,
        start_at: 0,
        end_at: (end - start) / 1_000,
        source: 'edge_asr',
        asr_provider: message.asr_provider?.slice(0, 100) ?? null,
      },
    ],
  };
}
