import type { TextEvent, TextMessage, TextOptions } from '../../../platform/ai/text-generator.js';
import type { Platform } from '../../../platform/platform.js';
import type { VoiceCaller } from '../callers.js';
import { fromEngine } from '../engine-failures.js';
import type { EngineChoice } from '../engines.js';
import type { UsageService } from '../usage/service.js';
import { modelFor } from './model-choice.js';

/** What a client of OpenAI's interfaces asks a language model. */
export interface Question {
  readonly model: string | undefined;
  readonly messages: readonly TextMessage[];
  readonly options: Pick<TextOptions, 'maxTokens' | 'temperature' | 'tools' | 'toolChoice'>;
  /** A JSON schema that the answer is to satisfy. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

export interface TextService {
  /**
   * The answer as it is written; one in JSON comes in one piece, as it is checked first. Throws AppError.
   */
  stream(caller: VoiceCaller, question: Question, signal: AbortSignal): AsyncIterable<TextEvent>;
}

export function createTextService(
  { config }: Pick<Platform, 'config'>,
  engines: EngineChoice,
  usage: Pick<UsageService, 'count'>,
): TextService {
  return {
    stream: async function* (caller, { model, messages, options, schema }, signal) {
      const { text } = engines.enginesFor(caller.apiKey);
      const asked: TextOptions = {
        ...options,
        ...modelFor(caller, model, config.VOICE_MODEL),
        ...(caller.apiKey === undefined ? {} : { apiKey: caller.apiKey }),
        signal,
      };
      try {
        if (schema) {
          const { value, ...end } = await text.json(messages, { ...schema }, asked);
          await usage.count(caller);
          yield { type: 'text', text: JSON.stringify(value) };
          yield { type: 'end', ...end };
        } else {
          for await (const event of text.stream(messages, asked)) {
            if (event.type === 'end') await usage.count(caller);
            yield event;
          }
        }
      } catch (error) {
        signal.throwIfAborted();
        throw fromEngine(error, caller);
      }
    },
  };
}
