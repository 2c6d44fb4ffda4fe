import type { Transcript, TranscriptionOptions } from '../../../platform/ai/transcriber.js';
import { decodeAudio } from '../../../platform/audio/decoding/decode.js';
import { AppError } from '../../../platform/http/errors.js';
import type { VoiceCaller } from '../callers.js';
import { fromEngine } from '../engine-failures.js';
import type { EngineChoice } from '../engines.js';

export interface TranscriptionService {
  /**
   * @param maxSeconds a longer recording is refused
   * @throws AppError 400 for what cannot be decoded, 413 for what is too long, and what engines throw
   */
  transcribe(
    caller: VoiceCaller,
    recording: Uint8Array,
    options: TranscriptionOptions & { readonly signal: AbortSignal },
    maxSeconds?: number,
  ): Promise<Heard>;
}

export interface Heard extends Transcript {
  /** `times`: this server hears when somebody speaks, and no words. */
  readonly hears: 'words' | 'times';
}

/** What recognisers work with. */
const SAMPLE_RATE = 16_000;
/** Bytes a second of Opus at its lowest rate: a smaller recording cannot be longer. */
const FEWEST_BYTES_PER_SECOND = 750;

export function createTranscriptionService(engines: EngineChoice): TranscriptionService {
  return {
    transcribe: async (caller, recording, options, maxSeconds) => {
      const { transcriber } = engines.enginesFor(caller.apiKey);
      const { hears } = transcriber;
      const asked = { ...options, ...(caller.apiKey === undefined ? {} : { apiKey: caller.apiKey }) };
      try {
        if (maxSeconds === undefined) return { ...(await transcriber.transcribe(recording, asked)), hears };
        const isUpstream = transcriber.engine === 'openai';
        if (isUpstream && recording.length < maxSeconds * FEWEST_BYTES_PER_SECOND)
          return { ...(await transcriber.transcribe(recording, asked)), hears };
        const limits = { sampleRate: SAMPLE_RATE, maxSeconds, signal: options.signal };
        const sound = await decodeAudio(recording, limits).catch((error: unknown) => {
          // The upstream may read what this machine cannot.
          if (isUpstream && isUnsupported(error)) return null;
          throw error;
        });
        return { ...(await transcriber.transcribe(isUpstream || !sound ? recording : sound, asked)), hears };
      } catch (error) {
        options.signal.throwIfAborted();
        throw fromEngine(error, caller);
      }
    },
  };
}

const isUnsupported = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'UNSUPPORTED_FORMAT';
