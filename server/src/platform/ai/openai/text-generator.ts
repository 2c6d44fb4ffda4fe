import type { OpenAI } from 'openai';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { TSchema } from 'typebox';
import { errors } from '../../http/errors.js';
import type { TextEnd, TextGenerator, TextMessage, TextOptions, TextUsage } from '../text-generator.js';
import { wholeOf } from './chat-answer.js';
import { chatParameters } from './chat-messages.js';
import { streamChat, textProvider } from './chat-stream.js';
import { type OpenAIConnection, openaiClient } from './client.js';
import { incomplete, withDeadline } from './failures.js';
import { askedAgain, type JsonMode, jsonModes, parseAnswer, withSchemaTold } from './json-answers.js';

export interface OpenAITextOptions {
  /** The model when the caller names none. */
  readonly model?: string;
  /** How long the upstream may be silent while somebody waits; answers in JSON have the whole deadline. */
  readonly firstTokenMilliseconds?: number;
  /** How long an answer may take, all attempts included. */
  readonly deadlineMilliseconds?: number;
}

const retries = 2;
const listMilliseconds = 10_000;
const limits = {
  /** As a stream, the longest answers of today's models are a few megabytes. */
  longestResponse: 16 << 20,
  /** Somebody may be waiting for the first word. */
  longestWaitSeconds: 5,
  streams: true,
};

/** Text by any provider with OpenAI's `POST /chat/completions`, always asked for as a stream. */
export function createOpenAITextGenerator(
  connection: OpenAIConnection,
  {
    model: ownModel = 'gpt-4o-mini',
    firstTokenMilliseconds = 20_000,
    deadlineMilliseconds = 180_000,
  }: OpenAITextOptions = {},
): TextGenerator {
  const isOpenAI = connection.baseUrl === undefined || connection.baseUrl.includes('//api.openai.com');
  const modes = rememberedModes();
  const modelOf = (options: TextOptions) => options.model ?? ownModel;

  const call = async (
    client: OpenAI,
    messages: readonly TextMessage[],
    options: TextOptions,
    extra: Partial<ChatCompletionCreateParams>,
    signal: AbortSignal,
  ) =>
    await client.chat.completions.create(
      {
        ...chatParameters(messages, options, { model: modelOf(options), isOpenAI }),
        ...extra,
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal, timeout: deadlineMilliseconds, maxRetries: retries },
    );

  const clientFor = ({ apiKey }: TextOptions) => openaiClient(connection, apiKey, limits);

  const stream = (messages: readonly TextMessage[], options: TextOptions = {}) =>
    streamChat(async (signal) => await call(await clientFor(options), messages, options, {}, signal), {
      model: modelOf(options),
      silenceMilliseconds: firstTokenMilliseconds,
      deadlineMilliseconds,
      signal: options.signal,
    });

  /** One answer in JSON, in the surest way that the upstream takes. */
  const answerInJson = async (messages: readonly TextMessage[], schema: TSchema, options: TextOptions) => {
    const model = modelOf(options);
    const open = async (signal: AbortSignal) => {
      const client = await clientFor(options);
      const attempt = ({ tellsSchema, responseFormat }: JsonMode) =>
        call(
          client,
          tellsSchema ? withSchemaTold(messages, schema) : messages,
          options,
          responseFormat ? { response_format: responseFormat } : {},
          signal,
        );
      return await modes.firstThatWorks(model, jsonModes(schema), attempt);
    };
    return await wholeOf(
      streamChat(open, {
        model,
        silenceMilliseconds: deadlineMilliseconds,
        deadlineMilliseconds,
        signal: options.signal,
      }),
    );
  };

  return {
    engine: 'openai',
    model: ownModel,
    stream,
    text: (messages, options) => wholeOf(stream(messages, options)),
    models: ({ apiKey, signal } = {}) =>
      withDeadline(
        listMilliseconds,
        signal,
        async (either) => {
          const client = await openaiClient(connection, apiKey, limits);
          const list: unknown = await client.get('/models', { signal: either, maxRetries: 1 });
          return modelNames(list);
        },
        textProvider,
      ),
    async json(messages, schema, { tools: _, toolChoice: __, ...options } = {}) {
      let conversation = messages;
      let spent: TextUsage | null = null;
      for (let attempt = 1; ; attempt += 1) {
        const { text, finishReason, usage, model } = await answerInJson(conversation, schema, options);
        spent = sum(spent, usage);
        refuseUnfinished(finishReason);
        const parsed = parseAnswer(text, schema);
        if ('value' in parsed) return { value: parsed.value, finishReason, usage: spent, model };
        if (attempt === attemptsAtJson)
          throw errors.upstreamFailed('The language model did not answer in the form that is needed.');
        conversation = askedAgain(messages, text, parsed.problem);
      }
    },
  };
}

/** @throws AppError (upstreamFailed) when it is no list of models */
function modelNames(list: unknown): string[] {
  const data = typeof list === 'object' && list !== null && 'data' in list ? list.data : null;
  if (!Array.isArray(data)) throw incomplete(textProvider);
  return data.flatMap((model: unknown) =>
    typeof model === 'object' && model !== null && 'id' in model && typeof model.id === 'string'
      ? [model.id]
      : [],
  );
}

/** The answer, and one repair of it. */
const attemptsAtJson = 2;

function refuseUnfinished(finishReason: TextEnd['finishReason']): void {
  if (finishReason === 'content_filter')
    throw errors.badRequest('The language model declines to answer this.');
  if (finishReason === 'length')
    throw errors.upstreamFailed('The answer of the language model is longer than it may be.');
}

const sum = (one: TextUsage | null, other: TextUsage | null): TextUsage | null =>
  one && other
    ? {
        inputTokens: one.inputTokens + other.inputTokens,
        outputTokens: one.outputTokens + other.outputTokens,
      }
    : (one ?? other);

/** Models whose way is remembered at the same time; callers may name any. */
const mostModels = 100;

/** Remembers from which way of asking on a model answers, so that refusals are not asked for again and again. */
function rememberedModes() {
  const first = new Map<string, number>();
  return {
    async firstThatWorks<T>(
      model: string,
      modes: readonly JsonMode[],
      attempt: (mode: JsonMode) => Promise<T>,
    ): Promise<T> {
      const { APIError } = await import('openai');
      const remembered = first.get(model) ?? 0;
      let failure: unknown;
      for (const [index, mode] of modes.entries()) {
        if (index < remembered) continue;
        try {
          const answer = await attempt(mode);
          if (first.size >= mostModels) first.clear();
          first.set(model, index);
          return answer;
        } catch (error) {
          // A server that does not know the way says so with 400 or 422; so it does for other reasons, and then repeats it.
          if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) throw error;
          failure ??= error;
        }
      }
      throw failure;
    },
  };
}
