import type {
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { TextMessage, TextOptions } from '../text-generator.js';

/** Messages as Chat Completions has them; pictures travel inside, as data URLs. */
const chatMessages = (messages: readonly TextMessage[]): ChatCompletionMessageParam[] =>
  messages.map(chatMessage);

function chatMessage(message: TextMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.content,
        ...(message.toolCalls?.length
          ? {
              tool_calls: message.toolCalls.map(({ id, name, arguments: written }) => ({
                id,
                type: 'function' as const,
                function: { name, arguments: written },
              })),
            }
          : {}),
      };
    case 'user':
      return {
        role: 'user',
        content: message.images?.length
          ? [
              { type: 'text', text: message.content },
              ...message.images.map(({ data, mediaType }) => ({
                type: 'image_url' as const,
                image_url: { url: `data:${mediaType};base64,${Buffer.from(data).toString('base64')}` },
              })),
            ]
          : message.content,
      };
  }
}

/** Models that think first take no temperature but their own. */
const thinksFirst = /^(o\d|gpt-5)/;

/**
 * What every request carries.
 *
 * @param isOpenAI OpenAI itself has renamed `max_tokens`; most compatible servers know only the old name
 */
export function chatParameters(
  messages: readonly TextMessage[],
  { maxTokens, temperature, tools, toolChoice }: TextOptions,
  { model, isOpenAI }: { readonly model: string; readonly isOpenAI: boolean },
): Pick<ChatCompletionCreateParams, 'model' | 'messages'> & Partial<ChatCompletionCreateParams> {
  const limit = isOpenAI ? 'max_completion_tokens' : 'max_tokens';
  return {
    model,
    messages: chatMessages(messages),
    ...(maxTokens === undefined ? {} : { [limit]: maxTokens }),
    ...(temperature === undefined || thinksFirst.test(model) ? {} : { temperature }),
    ...(tools?.length
      ? {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function' as const,
            function: { name, parameters: { ...parameters }, ...(description ? { description } : {}) },
          })),
          tool_choice:
            typeof toolChoice === 'object'
              ? { type: 'function' as const, function: { name: toolChoice.name } }
              : (toolChoice ?? 'auto'),
        }
      : {}),
  };
}
