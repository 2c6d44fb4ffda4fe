import type { TextImage, TextMessage, TextTool } from '../../../../platform/ai/text-generator.js';
import { errors } from '../../../../platform/http/errors.js';
import { pictureOf } from '../pictures.js';
import type { Question } from '../text-service.js';
import type { ChatMessageBody, ChatRequest } from './schemas.js';

/** A request of Chat Completions as the language model is asked. @throws AppError 400 naming the field */
export function readChat(body: ChatRequest): Question {
  const { messages, tools, tool_choice: choice, response_format: format } = body;
  const maxTokens = body.max_completion_tokens ?? body.max_tokens;
  return {
    model: body.model,
    messages: messages.map(readMessage),
    options: {
      ...(maxTokens == null ? {} : { maxTokens }),
      ...(body.temperature == null ? {} : { temperature: body.temperature }),
      ...(tools?.length ? { tools: tools.map(({ function: tool }) => readTool(tool)) } : {}),
      ...(choice == null
        ? {}
        : { toolChoice: typeof choice === 'string' ? choice : { name: choice.function.name } }),
    },
    ...(format == null || format.type === 'text'
      ? {}
      : { schema: format.json_schema?.schema ?? { type: 'object' } }),
  };
}

/** A function without parameters takes none. */
export const readTool = (tool: {
  readonly name: string;
  readonly description?: string | null;
  readonly parameters?: Readonly<Record<string, unknown>> | null;
}): TextTool => ({
  name: tool.name,
  ...(tool.description ? { description: tool.description } : {}),
  parameters: tool.parameters ?? { type: 'object', properties: {} },
});

function readMessage(message: ChatMessageBody, index: number): TextMessage {
  const field = `messages.${index}`;
  const { role, tool_calls: calls, tool_call_id: callId } = message;
  const { text, images } = readContent(message.content, `${field}.content`);
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: text };
    case 'user':
      return { role, content: text, ...(images.length > 0 ? { images } : {}) };
    case 'assistant':
      return {
        role,
        content: text,
        ...(calls?.length
          ? {
              toolCalls: calls.map(({ id, function: { name, arguments: written } }) => ({
                id,
                name,
                arguments: written,
              })),
            }
          : {}),
      };
    case 'tool':
      if (callId === undefined)
        throw errors.validation('A message of a tool says which call it answers.', {
          field: `${field}.tool_call_id`,
        });
      return { role, toolCallId: callId, content: text };
  }
}

function readContent(
  content: ChatMessageBody['content'],
  field: string,
): { readonly text: string; readonly images: readonly TextImage[] } {
  if (content == null) return { text: '', images: [] };
  if (typeof content === 'string') return { text: content, images: [] };
  const texts: string[] = [];
  const images: TextImage[] = [];
  for (const [index, part] of content.entries()) {
    const place = `${field}.${index}`;
    if (part.type === 'text' && part.text !== undefined) texts.push(part.text);
    else if (part.type === 'image_url' && part.image_url)
      images.push(pictureOf(part.image_url.url, `${place}.image_url.url`));
    else if (part.type !== 'refusal')
      throw errors.validation(`Parts of the type "${part.type}" are not understood here.`, { field: place });
  }
  return { text: texts.join('\n'), images };
}
