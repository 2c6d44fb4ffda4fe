/** The audio formats of the OpenAI speech interface: `wav` and `pcm` are 16-bit; `pcm` is raw, 24 kHz, mono. */
export const speechFormats = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'] as const;

export type SpeechFormat = (typeof speechFormats)[number];

/** The voice names of the OpenAI speech interface; every engine takes them all. */
export const speechVoices = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'fable',
  'onyx',
  'nova',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar',
] as const;

export interface SpeechRequest {
  /** At most `charactersPerCall` code points. */
  readonly text: string;
  readonly voice: string;
  readonly model: string;
  readonly format: SpeechFormat;
  /** 0.25 to 4; 1 is the voice's own pace. */
  readonly speed: number;
  /** How to speak, in words; engines and models that cannot follow them ignore them. */
  readonly instructions?: string;
}

export interface SynthesisOptions {
  /** The caller's own key for the upstream, used for this call only. */
  readonly apiKey?: string;
  readonly signal?: AbortSignal;
}

/** Turns text into speech. */
export interface SpeechSynthesizer {
  readonly engine: 'builtin' | 'openai';
  /** What this engine can write on this machine. */
  readonly formats: readonly SpeechFormat[];
  /** The most code points one call takes; longer texts are cut with `splitText` and joined with `joinAudioFiles`. */
  readonly charactersPerCall: number;
  /**
   * Speaks the text.
   *
   * @returns one complete audio file in `request.format`
   * @throws AppError with words fit for the user; the signal's reason when the signal is aborted
   */
  synthesize(request: SpeechRequest, options?: SynthesisOptions): Promise<Uint8Array>;
  /**
   * The same in pieces, from engines that hand sound on while it is made; put together they are the file. Fails like
   * `synthesize`, at any time.
   */
  stream?(request: SpeechRequest, options?: SynthesisOptions): AsyncIterable<Uint8Array>;
  /** Stops the engine's threads; calls still running are refused. */
  close(): Promise<void>;
}
