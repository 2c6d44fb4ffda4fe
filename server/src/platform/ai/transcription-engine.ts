import { createBuiltinTranscriber } from './builtin/transcriber.js';
import { createOpenAITranscriber } from './openai/transcriber.js';
import { installedModels } from './sherpa/models.js';
import { createSherpaTranscriber } from './sherpa/transcriber.js';
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

/** The adapter of the chosen engine. Nothing is started or called before it is used. */
export function createTranscriber(config: TranscriptionEngineConfig): Transcriber {
  const { model, modelsDirectory, scratchDirectory, openai, streaming } = config;
  const chosen = model === undefined ? {} : { model };
  const engine = config.engine ?? (installedModels(modelsDirectory).length > 0 ? 'sherpa' : 'builtin');
  if (engine === 'openai') return createOpenAITranscriber(openai, { streaming, ...chosen });
  if (engine === 'sherpa') return createSherpaTranscriber({ modelsDirectory, ...chosen });
  return createBuiltinTranscriber({ scratchDirectory });
}
