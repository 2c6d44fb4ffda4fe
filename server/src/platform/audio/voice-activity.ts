export interface VoiceActivitySettings {
  /** Samples per second. */
  readonly sampleRate: number;
  /** 0 (a whisper is speech) to 1 (only a loud voice is). Default: 0.5. */
  readonly threshold?: number;
  /** Sound before the first heard speech that belongs to it: words begin softly. Default: 300. */
  readonly prefixPaddingMs?: number;
  /** The silence that ends speech. Default: 500. */
  readonly silenceDurationMs?: number;
  /** Speech is cut at the first short pause after half of this time, at the latest after all of it. Default: never. */
  readonly longestSpeechMs?: number;
}

export interface VoiceActivityChange {
  readonly kind: 'started' | 'stopped';
  /** Samples from the beginning: where speech begins (padding included), or where it ended. */
  readonly position: number;
}

export interface VoiceActivityDetector {
  /** Takes the next samples and tells what changed in them, in order. */
  write(samples: Int16Array): VoiceActivityChange[];
  /** No more samples: speech that is going on stops. */
  end(): VoiceActivityChange[];
  readonly isSpeech: boolean;
  /** Samples before this position will not be part of any speech that has not started yet. */
  readonly settledPosition: number;
}

const frameMilliseconds = 20;
/** Voices have nothing below; hum, handling noise and a constant offset do. */
const lowestVoiceHertz = 80;
/** Speech is at least so many of the last frames, so that a click is none. */
const framesOfSpeech = 4;
const framesLookedAt = 6;
/** The floor is the quietest moment of the last three seconds: nobody speaks that long without a gap. */
const framesPerFloor = 25;
const floorsKept = 6;
/** Below this a microphone's own noise has no meaning, in dB of full scale. */
const lowestFloor = -70;
/** Until three seconds are known, a room is taken to be no louder than this. */
const loudestFirstFloor = -50;
/** A voice trails off: this much less than what began it still is speech. */
const hysteresis = 4;
/** Sound after the last speech that belongs to it. */
const tailMilliseconds = 200;
const shortPauseMilliseconds = 200;

/**
 * Tells speech from silence by energy over a noise floor that follows the room: by the minimum of the last seconds (R.
 * Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics", 2001, without
 * the spectrum). It does not tell voices from other sounds. A second of sound costs about 0.2 ms.
 */
export function createVoiceActivityDetector({
  sampleRate,
  threshold = 0.5,
  prefixPaddingMs = 300,
  silenceDurationMs = 500,
  longestSpeechMs = Number.POSITIVE_INFINITY,
}: VoiceActivitySettings): VoiceActivityDetector {
  const frameLength = Math.round((sampleRate * frameMilliseconds) / 1000);
  const inSamples = (milliseconds: number) => Math.round((sampleRate * milliseconds) / 1000);
  const silence = inSamples(silenceDurationMs);
  const shortPause = Math.min(silence, inSamples(shortPauseMilliseconds));
  const tail = Math.min(silence, inSamples(tailMilliseconds));
  const longest = inSamples(longestSpeechMs);
  const prefix = inSamples(prefixPaddingMs);
  const gateDecibels = -65 + 25 * threshold;
  const marginDecibels = 4 + 14 * threshold;
  const highPass = 1 - (2 * Math.PI * lowestVoiceHertz) / sampleRate;

  let position = 0;
  let filled = 0;
  let energy = 0;
  let lastInput = 0;
  let lastOutput = 0;

  let smoothed: number | undefined;
  let minimum = 0;
  let framesInMinimum = 0;
  const minima: number[] = [];
  /** The last frames, newest last, as ones and zeros. */
  let recent = 0;

  let startedAt: number | undefined;
  let stoppedAt = 0;
  let lastSpeech = 0;

  const floor = (): number => {
    const quietest = Math.min(minimum, ...minima);
    return Math.max(
      lowestFloor,
      minima.length < floorsKept ? Math.min(quietest, loudestFirstFloor) : quietest,
    );
  };
  const followFloor = (decibels: number) => {
    smoothed = smoothed === undefined ? decibels : 0.6 * smoothed + 0.4 * decibels;
    minimum = framesInMinimum === 0 ? smoothed : Math.min(minimum, smoothed);
    framesInMinimum += 1;
    if (framesInMinimum < framesPerFloor) return;
    framesInMinimum = 0;
    minima.push(minimum);
    if (minima.length > floorsKept) minima.shift();
  };
  const start = (at: number): VoiceActivityChange => {
    startedAt = at;
    return { kind: 'started', position: at };
  };
  const stop = (at: number): VoiceActivityChange => {
    startedAt = undefined;
    stoppedAt = at;
    recent = 0;
    return { kind: 'stopped', position: at };
  };

  const frame = (decibels: number): VoiceActivityChange[] => {
    followFloor(decibels);
    const needed = Math.max(gateDecibels, floor() + marginDecibels);
    if (startedAt === undefined) {
      recent = ((recent << 1) | (decibels > needed ? 1 : 0)) & ((1 << framesLookedAt) - 1);
      if (ones(recent) < framesOfSpeech) return [];
      lastSpeech = position;
      const begun = position - (32 - Math.clz32(recent)) * frameLength;
      return [start(Math.max(stoppedAt, begun - prefix))];
    }
    if (decibels > needed - hysteresis) lastSpeech = position;
    const length = position - startedAt;
    const pause = position - lastSpeech;
    if (pause >= (length > longest / 2 ? shortPause : silence))
      return [stop(Math.min(position, lastSpeech + tail))];
    return length >= longest ? [stop(position), start(position)] : [];
  };

  return {
    write(samples) {
      const changes: VoiceActivityChange[] = [];
      for (const sample of samples) {
        lastOutput = sample - lastInput + highPass * lastOutput;
        lastInput = sample;
        energy += lastOutput * lastOutput;
        filled += 1;
        if (filled < frameLength) continue;
        position += frameLength;
        changes.push(...frame(10 * Math.log10(energy / frameLength / 2 ** 30 + 1e-10)));
        energy = 0;
        filled = 0;
      }
      return changes;
    },
    end: () => (startedAt === undefined ? [] : [stop(Math.min(position + filled, lastSpeech + tail))]),
    get isSpeech() {
      return startedAt !== undefined;
    },
    get settledPosition() {
      return startedAt ?? Math.max(stoppedAt, position - framesLookedAt * frameLength - prefix);
    },
  };
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
