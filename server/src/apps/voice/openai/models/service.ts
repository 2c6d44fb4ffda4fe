import { AppError } from '../../../../platform/http/errors.js';
import type { Platform } from '../../../../platform/platform.js';
import type { VoiceCaller } from '../../callers.js';
import { fromEngine } from '../../engine-failures.js';
import type { EngineChoice } from '../../engines.js';

export interface Model {
  readonly id: string;
  readonly ownedBy: string;
}

export interface ModelService {
  /** What the caller may name as a model: of this server, and of the upstream when that answers the caller. */
  list(caller: VoiceCaller, signal: AbortSignal): Promise<readonly Model[]>;
  /** @throws AppError 404 (MODEL_NOT_FOUND) */
  find(caller: VoiceCaller, id: string, signal: AbortSignal): Promise<Model>;
}

/** Names that clients ask for by habit; the builtin engines answer to them. */
const HABITUAL = { speech: ['tts-1', 'tts-1-hd', 'gpt-4o-mini-tts'], transcription: ['whisper-1'] };

export function createModelService(
  { config }: Pick<Platform, 'config'>,
  engines: EngineChoice,
): ModelService {
  const list: ModelService['list'] = async (caller, signal) => {
    const { text, synthesizer, transcriber } = engines.enginesFor(caller.apiKey);
    const own = [
      config.VOICE_MODEL ?? text.model,
      ...(synthesizer.engine === 'openai' ? [config.VOICE_SPEECH_MODEL] : HABITUAL.speech),
      ...(transcriber.engine === 'openai'
        ? [config.TRANSCRIPTION_MODEL ?? 'whisper-1']
        : HABITUAL.transcription),
      config.VOICE_REALTIME_MODEL,
    ];
    const others = await upstreamModels(caller, signal);
    return [
      ...[...new Set(own)].map((id) => ({ id, ownedBy: 'earshot' })),
      ...others.filter((id) => !own.includes(id)).map((id) => ({ id, ownedBy: 'upstream' })),
    ];
  };

  const upstreamModels = async (caller: VoiceCaller, signal: AbortSignal): Promise<readonly string[]> => {
    const { apiKey } = caller;
    try {
      const options = { signal, ...(apiKey === undefined ? {} : { apiKey }) };
      return (await engines.enginesFor(apiKey).text.models?.(options)) ?? [];
    } catch (error) {
      // Some compatible servers have no such list; a refused key must be told, though.
      if (error instanceof AppError && (error.statusCode === 400 || error.statusCode === 502)) return [];
      throw fromEngine(error, caller);
    }
  };

  return {
    list,
    find: async (caller, id, signal) => {
      const model = (await list(caller, signal)).find((candidate) => candidate.id === id);
      if (!model)
        throw new AppError('MODEL_NOT_FOUND', 404, `The model "${id}" does not exist here.`, {
          field: 'model',
        });
      return model;
    },
  };
}
