/** One of Flite's speakers, made into another by changing pitch (and with it the size of the throat) and pace. */
export interface FliteVoice {
  /** `slt` is a woman; `rms`, `kal16` (kal at 16 kHz) and `awb` (Scottish) are men. */
  readonly speaker: 'slt' | 'rms' | 'kal16' | 'awb';
  /** Factor on all frequencies. */
  readonly pitch: number;
  /** Factor on the pace. */
  readonly rate: number;
}

/** OpenAI's voices, as near as four speakers come; chosen by ear and far enough apart to be told from each other. */
const voices: Readonly<Record<string, FliteVoice>> = {
  alloy: { speaker: 'slt', pitch: 0.96, rate: 1.04 },
  ash: { speaker: 'rms', pitch: 1.08, rate: 1 },
  ballad: { speaker: 'awb', pitch: 0.93, rate: 0.94 },
  coral: { speaker: 'slt', pitch: 1.07, rate: 1 },
  echo: { speaker: 'kal16', pitch: 1.05, rate: 1 },
  fable: { speaker: 'awb', pitch: 1.04, rate: 1 },
  onyx: { speaker: 'rms', pitch: 0.88, rate: 0.96 },
  nova: { speaker: 'slt', pitch: 1.02, rate: 1.06 },
  sage: { speaker: 'slt', pitch: 0.91, rate: 0.95 },
  shimmer: { speaker: 'slt', pitch: 1.14, rate: 1.02 },
  verse: { speaker: 'rms', pitch: 1, rate: 1.08 },
  marin: { speaker: 'slt', pitch: 1.1, rate: 0.93 },
  cedar: { speaker: 'kal16', pitch: 0.92, rate: 0.97 },
};

/** The speaker for a voice name; a name that is not known gets `alloy`. */
export function fliteVoice(name: string): FliteVoice {
  return voices[name.toLowerCase()] ?? voices.alloy ?? { speaker: 'slt', pitch: 1, rate: 1 };
}
