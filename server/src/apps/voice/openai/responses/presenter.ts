import type { TextEnd, TextEvent } from '../../../../platform/ai/text-generator.js';
import type { AppError } from '../../../../platform/http/errors.js';
import { prefixedId } from '../../../../platform/ids.js';
import { voiceCodeOf } from '../../present-error.js';
import type { ResponsesRequest } from './schemas.js';

type Item = Readonly<Record<string, unknown>>;

/** One event of the Responses interface, without its number. */
export interface ResponseEvent extends Item {
  readonly type: string;
}

/** A `response` object in the making. */
export interface ResponseInTheMaking {
  /** The events that say that it has begun. */
  begin(): ResponseEvent[];
  take(event: TextEvent): ResponseEvent[];
  /** The event that says that it broke off. */
  fail(error: AppError): ResponseEvent;
  /** The object as it stands. */
  current(): Item;
}

/**
 * Turns a language model's events into those of the Responses interface, and gathers the object that stands for them.
 *
 * @param now epoch milliseconds
 */
export function responseInTheMaking(request: ResponsesRequest, now: number): ResponseInTheMaking {
  const id = prefixedId('resp_');
  const output: Item[] = [];
  let status = 'in_progress';
  let end: TextEnd | undefined;
  let error: Item | null = null;
  /** The message that is being written. */
  let message: { readonly id: string; readonly index: number; text: string } | null = null;
  const calls = new Map<number, { readonly id: string; readonly index: number }>();

  const current = (): Item => ({
    id,
    object: 'response',
    created_at: Math.floor(now / 1_000),
    status,
    background: false,
    error,
    incomplete_details:
      status === 'incomplete'
        ? { reason: end?.finishReason === 'length' ? 'max_output_tokens' : 'content_filter' }
        : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: request.metadata ?? {},
    model: end?.model ?? request.model ?? '',
    output: [...output],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: request.temperature ?? 1,
    text: request.text ?? { format: { type: 'text' } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_p: 1,
    truncation: 'disabled',
    usage: end?.usage
      ? {
          input_tokens: end.usage.inputTokens,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: end.usage.outputTokens,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: end.usage.inputTokens + end.usage.outputTokens,
        }
      : null,
    user: null,
  });

  const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
  const messageItem = (itemId: string, itemStatus: string, content: readonly Item[]) => ({
    id: itemId,
    type: 'message',
    role: 'assistant',
    status: itemStatus,
    content,
  });

  const openMessage = (): ResponseEvent[] => {
    if (message) return [];
    message = { id: prefixedId('msg_'), index: output.length, text: '' };
    const item = messageItem(message.id, 'in_progress', []);
    output.push(item);
    return [
      { type: 'response.output_item.added', output_index: message.index, item },
      {
        type: 'response.content_part.added',
        item_id: message.id,
        output_index: message.index,
        content_index: 0,
        part: part(''),
      },
    ];
  };

  const closeMessage = (itemStatus: string): ResponseEvent[] => {
    if (!message) return [];
    const { id: itemId, index, text } = message;
    const place = { item_id: itemId, output_index: index, content_index: 0 };
    const item = messageItem(itemId, itemStatus, [part(text)]);
    output[index] = item;
    message = null;
    return [
      { type: 'response.output_text.done', ...place, text, logprobs: [] },
      { type: 'response.content_part.done', ...place, part: part(text) },
      { type: 'response.output_item.done', output_index: index, item },
    ];
  };

  const takeText = (text: string): ResponseEvent[] => {
    const opened = openMessage();
    if (!message) return opened;
    message.text += text;
    const { id: itemId, index } = message;
    return [
      ...opened,
      {
        type: 'response.output_text.delta',
        item_id: itemId,
        output_index: index,
        content_index: 0,
        delta: text,
        logprobs: [],
      },
    ];
  };

  const takeCallDelta = (event: Extract<TextEvent, { type: 'tool-call-delta' }>): ResponseEvent[] => {
    const events = closeMessage('completed');
    let call = calls.get(event.index);
    if (!call) {
      call = { id: prefixedId('fc_'), index: output.length };
      calls.set(event.index, call);
      const item = {
        id: call.id,
        type: 'function_call',
        status: 'in_progress',
        call_id: event.id,
        name: event.name,
        arguments: '',
      };
      output.push(item);
      events.push({ type: 'response.output_item.added', output_index: call.index, item });
    }
    if (event.arguments !== '')
      events.push({
        type: 'response.function_call_arguments.delta',
        item_id: call.id,
        output_index: call.index,
        delta: event.arguments,
      });
    return events;
  };

  const takeCall = ({ index, call }: Extract<TextEvent, { type: 'tool-call' }>): ResponseEvent[] => {
    const place = calls.get(index);
    if (!place) return [];
    const item = {
      id: place.id,
      type: 'function_call',
      status: 'completed',
      call_id: call.id,
      name: call.name,
      arguments: call.arguments,
    };
    output[place.index] = item;
    return [
      {
        type: 'response.function_call_arguments.done',
        item_id: place.id,
        output_index: place.index,
        name: call.name,
        arguments: call.arguments,
      },
      { type: 'response.output_item.done', output_index: place.index, item },
    ];
  };

  return {
    current,
    begin: () => [
      { type: 'response.created', response: current() },
      { type: 'response.in_progress', response: current() },
    ],
    take: (event) => {
      if (event.type === 'text') return takeText(event.text);
      if (event.type === 'tool-call-delta') return takeCallDelta(event);
      if (event.type === 'tool-call') return takeCall(event);
      end = event;
      const isWhole = event.finishReason === 'stop' || event.finishReason === 'tool_calls';
      const closed = closeMessage(isWhole ? 'completed' : 'incomplete');
      status = isWhole ? 'completed' : 'incomplete';
      return [...closed, { type: `response.${status}`, response: current() }];
    },
    fail: (failure) => {
      status = 'failed';
      error = { code: voiceCodeOf(failure), message: failure.message };
      return { type: 'response.failed', response: current() };
    },
  };
}
