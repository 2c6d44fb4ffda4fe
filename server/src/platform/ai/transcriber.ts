export interface TranscriptSegment {
  readonly text: string;
  /** Seconds from the beginning of the audio. */
  readonly start: number;
  readonly end: number;
}

export interface Transcript {
  readonly text: string;
  readonly segments: readonly TranscriptSegment[];
  /** Seconds of audio heard. */
  readonly duration: number;
  /** ISO 639-1 code, when the engine knows it. */
  readonly language?: string;
}

export interface TranscriptionOptions {
  /** ISO 639-1 code of the language to expect. */
  readonly language?: string;
  readonly signal?: AbortSignal;
}

/** A live transcription: audio goes in as it is spoken, finished segments come out. */
export interface TranscriptionStream {
  /** 16-bit little-endian mono samples at the stream's sample rate. */
  write(pcm: Uint8Array): void;
  /** No more audio: the last segments follow and the iteration ends. */
  end(): void;
  readonly segments: AsyncIterable<TranscriptSegment>;
}

/** Turns speech into text. Throws AppError with words fit for the user. */
export interface Transcriber {
  /** A whole file of any container that the server decodes. */
  transcribe(audio: Uint8Array, options?: TranscriptionOptions): Promise<Transcript>;
  /** @param sampleRate samples per second of what will be written */
  stream(sampleRate: number, options?: TranscriptionOptions): TranscriptionStream;
}
