/** One of Flite's speakers, made into another by changing pitch (and with it the size of the throat) and pace. */
export interface FliteVoice {
  /** `slt` is a woman; `rms`, `kal16` (kal at 16 kHz) and `awb` (Scottish) are men. */
  readonly speaker: 'slt' | 'rms' | 'kal16' | 'awb';
  /** Factor on all frequencies. */
  readonly pitch: number;
  /** Factor on the pace. */
  readonly rate: number;
  /** Mean of the voice's melody in Hz before `pitch`, where it is not the speaker's own; `rms` has no other. */
  readonly melody?: number;
}

const alloy: FliteVoice = { speaker: 'slt', pitch: 0.96, rate: 1.04 };

/** OpenAI's voices, as near as four speakers come; no two of them share speaker, pitch and pace. */
const voices: ReadonlyMap<string, FliteVoice> = new Map([
  ['alloy', alloy],
  ['ash', { speaker: 'rms', pitch: 1.08, rate: 1 }],
  ['ballad', { speaker: 'awb', pitch: 0.93, rate: 0.94 }],
  ['coral', { speaker: 'slt', pitch: 1.05, rate: 1, melody: 180 }],
  ['echo', { speaker: 'kal16', pitch: 1.05, rate: 1 }],
  ['fable', { speaker: 'awb', pitch: 1.04, rate: 1 }],
  ['onyx', { speaker: 'rms', pitch: 0.88, rate: 0.96 }],
  ['nova', { speaker: 'slt', pitch: 1.02, rate: 1.06 }],
  ['sage', { speaker: 'slt', pitch: 0.91, rate: 0.95 }],
  ['shimmer', { speaker: 'slt', pitch: 1.06, rate: 1.02, melody: 215 }],
  ['verse', { speaker: 'rms', pitch: 1, rate: 1.08 }],
  ['marin', { speaker: 'slt', pitch: 1, rate: 0.92, melody: 150 }],
  ['cedar', { speaker: 'kal16', pitch: 0.92, rate: 0.97 }],
]);

/** The speaker for a voice name; a name that is not known gets `alloy`. */
export function fliteVoice(name: string): FliteVoice {
  return voices.get(name.toLowerCase()) ?? alloy;
}

/**
 * How much less than asked for these speakers give way at high paces, because no sound of theirs gets shorter than a
 * few milliseconds: measured on sentences at paces of 2 to 8, to within 2 % up to 4.
 */
const reluctance: Readonly<Record<FliteVoice['speaker'], number>> = {
  slt: 0.073,
  awb: 0.073,
  rms: 0.043,
  kal16: 0,
};

/**
 * What to ask of Flite as `duration_stretch`, so that the speaker really speaks at the pace.
 *
 * @param pace 1 is the speaker's own, 2 is twice as fast
 */
export const durationStretch = (speaker: FliteVoice['speaker'], pace: number): number =>
  1 / (pace + reluctance[speaker] * Math.max(0, pace - 1.5) ** 3);
