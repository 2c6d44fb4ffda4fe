import type { TextEnd, TextEvent, ToolCall } from '../../../../platform/ai/text-generator.js';
import { prefixedId } from '../../../../platform/ids.js';
import { serverSentEvent } from '../../event-stream.js';

/** What every piece of one answer carries. */
export interface ChatIdentity {
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
}

export const chatIdentity = (now: number, model: string): ChatIdentity => ({
  id: prefixedId('chatcmpl-'),
  created: Math.floor(now / 1_000),
  model,
});

const usageOf = ({ usage }: TextEnd) =>
  usage && {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };

const callOf = ({ id, name, arguments: written }: ToolCall) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: written },
});

/** The whole answer as `chat.completion`. */
export function presentCompletion(identity: ChatIdentity, events: readonly TextEvent[]): object {
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  const calls = events.flatMap((event) => (event.type === 'tool-call' ? [callOf(event.call)] : []));
  const end = events.find((event) => event.type === 'end');
  const usage = end && usageOf(end);
  return {
    ...identity,
    object: 'chat.completion',
    model: end?.model ?? identity.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        logprobs: null,
        finish_reason: end?.finishReason ?? 'stop',
      },
    ],
    ...(usage ? { usage } : {}),
  };
}

/** The answer as `chat.completion.chunk` events. */
export async function* presentChunks(
  identity: ChatIdentity,
  events: AsyncIterable<TextEvent>,
  includeUsage: boolean,
): AsyncGenerator<string> {
  const chunk = (delta: object, finish: string | null = null) =>
    serverSentEvent({
      ...identity,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(includeUsage ? { usage: null } : {}),
    });
  const seen = new Set<number>();
  yield chunk({ role: 'assistant', content: '', refusal: null });
  for await (const event of events) {
    if (event.type === 'text') yield chunk({ content: event.text });
    else if (event.type === 'tool-call-delta') {
      const { index, id, name, arguments: written } = event;
      const isFirst = !seen.has(index);
      seen.add(index);
      yield chunk({
        tool_calls: [
          isFirst
            ? { index, id, type: 'function', function: { name, arguments: written } }
            : { index, function: { arguments: written } },
        ],
      });
    } else if (event.type === 'end') {
      yield chunk({}, event.finishReason);
      if (includeUsage)
        yield serverSentEvent({
          ...identity,
          object: 'chat.completion.chunk',
          choices: [],
          usage: usageOf(event),
        });
    }
  }
  yield serverSentEvent('[DONE]');
}
