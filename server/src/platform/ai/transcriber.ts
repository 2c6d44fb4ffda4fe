import type { AppError } from '../http/errors.js';

/** Sound in memory: 16-bit mono samples. */
export interface PcmAudio {
  readonly samples: Int16Array;
  /** Samples per second. */
  readonly sampleRate: number;
}

/** A stretch of speech; times in seconds from the beginning of the audio. */
export interface TranscriptSpan {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Transcript {
  readonly text: string;
  readonly segments: readonly TranscriptSpan[];
  /** Single words with their times, from engines that tell them. */
  readonly words?: readonly TranscriptSpan[];
  /** Seconds of audio heard. */
  readonly duration: number;
  /** ISO 639-1 code, when the engine knows it. */
  readonly language?: string;
}

export interface TranscriptionOptions {
  /** ISO 639-1 code of the language to expect; undefined = whatever is spoken. */
  readonly language?: string;
  /** Names and words to expect; engines that cannot use them ignore them. */
  readonly prompt?: string;
  /** The upstream's model, where the caller may choose it; else the server's. */
  readonly model?: string;
  /** The caller's own key for the upstream, used for this call (or stream) only. */
  readonly apiKey?: string;
  readonly signal?: AbortSignal;
}

export interface TranscriptionStreamOptions extends TranscriptionOptions {
  /** Samples per second of what will be written. */
  readonly sampleRate: number;
}

/** What was heard. The same `id` comes again with other words until `isFinal`. */
export interface HeardSegment extends TranscriptSpan {
  readonly kind: 'segment';
  readonly id: string;
  readonly isFinal: boolean;
}

/**
 * A span of speech of which there will be no words: tell the user, or give `audio` to `transcribe` again when
 * `error` is of the passing kind. The stream goes on.
 */
export interface FailedSegment {
  readonly kind: 'failed';
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly error: AppError;
  readonly audio: PcmAudio;
}

export type TranscriptionEvent = HeardSegment | FailedSegment;

/** A live transcription: audio goes in as it is spoken, segments come out. */
export interface TranscriptionStream {
  /**
   * Takes the next samples; their buffer may be used again afterwards.
   *
   * @returns false when the engine lags behind: wait for `drained()` before writing more
   */
  write(samples: Int16Array): boolean;
  /** Resolves when the engine has caught up, at once when it does not lag, and when the stream is closed. */
  drained(): Promise<void>;
  /** In the order of their end; may be iterated once. Ends after `end()` or `close()`, or when the signal is aborted. */
  readonly segments: AsyncIterable<TranscriptionEvent>;
  /** Seconds from the beginning: of sound before it, every event is among the `segments` already. */
  readonly settled: number;
  /** No more audio: the last segments follow and the iteration ends. */
  end(): void;
  /** Lets go of everything at once; what has not been heard yet is dropped. */
  close(): void;
}

/** Turns speech into text. Throws AppError with words fit for the user. */
export interface Transcriber {
  readonly engine: 'builtin' | 'openai' | 'sherpa';
  /** `times`: only when somebody spoke, not what; the text is then like `[speech 2.3 s]`. */
  readonly hears: 'words' | 'times';
  /**
   * A whole recording.
   *
   * @param audio a file of any container that the server decodes, or samples
   * @throws AppError 4xx when the file cannot be decoded; the signal's reason when the signal is aborted
   */
  transcribe(audio: Uint8Array | PcmAudio, options?: TranscriptionOptions): Promise<Transcript>;
  stream(options: TranscriptionStreamOptions): TranscriptionStream;
  /** Ends the engine's threads and processes; calls still running are refused. */
  close(): Promise<void>;
}
