const MIN_LEVEL = 0.012;
/** Speech stands out of the room's noise by so much. */
const ABOVE_NOISE = 3;
const MIN_SPEECH_MS = 150;
const PAUSE_MS = 1_100;
const NOTHING_MS = 8_000;
const LONGEST_MS = 60_000;

export type Heard = 'silence' | 'speech' | 'over' | 'nothing';

/**
 * Says when an utterance is over: speech, then a pause. Takes the level (root mean square, 0..1) of each piece of sound and its
 * length in milliseconds.
 */
export function createPauseDetector(): (level: number, ms: number) => Heard {
  let noise = MIN_LEVEL / ABOVE_NOISE;
  let spoken = 0;
  let quiet = 0;
  let passed = 0;
  return (level, ms) => {
    passed += ms;
    const isSpeech = level > Math.max(MIN_LEVEL, noise * ABOVE_NOISE);
    if (isSpeech) {
      spoken += ms;
      quiet = 0;
    } else {
      quiet += ms;
      noise += (level - noise) * Math.min(1, ms / 1_000);
    }
    if (spoken >= MIN_SPEECH_MS && (quiet >= PAUSE_MS || passed >= LONGEST_MS)) return 'over';
    if (spoken < MIN_SPEECH_MS && passed >= NOTHING_MS) return 'nothing';
    return isSpeech ? 'speech' : 'silence';
  };
}
