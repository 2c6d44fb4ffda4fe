import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { FinishReason, TextEnd, TextEvent, TextUsage, ToolCall } from '../text-generator.js';

type Delta = ChatCompletionChunk.Choice['delta'];
type ToolDelta = NonNullable<Delta['tool_calls']>[number];

/** An answer as it comes in, piece by piece. */
export interface ChatAnswer {
  /** The events that a piece stands for. */
  take(chunk: ChatCompletionChunk): TextEvent[];
  /** The last events, or null when the upstream broke off before it said how the answer ended. */
  end(): TextEvent[] | null;
}

/** @param askedModel the name that is told when the upstream tells none */
export function collectAnswer(askedModel: string): ChatAnswer {
  const calls: { id: string; name: string; arguments: string }[] = [];
  let model = askedModel;
  let usage: TextUsage | null = null;
  let finished: string | undefined;
  let refused = false;

  const takeTool = (delta: ToolDelta): TextEvent => {
    // Some servers send whole calls without an index.
    const index = Number.isInteger(delta.index) ? delta.index : calls.length;
    calls[index] ??= { id: delta.id || `call_${index}`, name: '', arguments: '' };
    const call = calls[index];
    const written = delta.function?.arguments ?? '';
    call.name += delta.function?.name ?? '';
    call.arguments += written;
    return { type: 'tool-call-delta', index, id: call.id, name: call.name, arguments: written };
  };

  return {
    take(chunk) {
      if (chunk.model) model = chunk.model;
      if (chunk.usage)
        usage = {
          inputTokens: chunk.usage.prompt_tokens ?? 0,
          outputTokens: chunk.usage.completion_tokens ?? 0,
        };
      const choice = chunk.choices?.[0];
      if (!choice) return [];
      const { delta, finish_reason: reason } = choice;
      if (reason) finished = reason;
      if (delta?.refusal) refused = true;
      const text = delta?.content || delta?.refusal;
      return [
        ...(text ? [{ type: 'text' as const, text }] : []),
        ...(delta?.tool_calls ?? []).slice(0, mostCalls).map(takeTool),
      ];
    },
    end() {
      if (finished === undefined) return null;
      const finishReason = refused ? 'content_filter' : calls.length > 0 ? 'tool_calls' : reasonOf(finished);
      return [
        ...calls.flatMap((call, index): TextEvent[] => [{ type: 'tool-call', index, call: complete(call) }]),
        { type: 'end', finishReason, usage, model },
      ];
    },
  };
}

/** More calls in one piece than this are no answer. */
const mostCalls = 64;

/** A function without parameters is called with nothing by some servers. */
const complete = (call: ToolCall): ToolCall => ({ ...call, arguments: call.arguments || '{}' });

const reasonOf = (reason: string): FinishReason =>
  reason === 'length' || reason === 'content_filter' ? reason : 'stop';

/** The whole of a stream. */
export async function wholeOf(
  events: AsyncIterable<TextEvent>,
): Promise<TextEnd & { readonly text: string; readonly toolCalls: readonly ToolCall[] }> {
  let text = '';
  const toolCalls: ToolCall[] = [];
  let end: TextEnd = { finishReason: 'stop', usage: null, model: '' };
  for await (const event of events) {
    if (event.type === 'text') text += event.text;
    else if (event.type === 'tool-call') toolCalls.push(event.call);
    else if (event.type === 'end') {
      const { finishReason, usage, model } = event;
      end = { finishReason, usage, model };
    }
  }
  return { text, toolCalls, ...end };
}
