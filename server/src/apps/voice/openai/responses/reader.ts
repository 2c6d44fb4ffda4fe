import type { TextImage, TextMessage, TextTool } from '../../../../platform/ai/text-generator.js';
import { errors } from '../../../../platform/http/errors.js';
import { readTool } from '../chat/reader.js';
import { pictureOf } from '../pictures.js';
import type { Question } from '../text-service.js';
import type { InputItemBody, ResponsesRequest } from './schemas.js';

/** A request of the Responses interface as the language model is asked. @throws AppError 400 naming the field */
export function readResponses(body: ResponsesRequest): Question {
  const { input, instructions, tools, tool_choice: choice, text } = body;
  if (body.previous_response_id)
    throw errors.validation('Responses are not kept here; send the conversation as `input`.', {
      field: 'previous_response_id',
    });
  const items: readonly InputItemBody[] =
    typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  return {
    model: body.model,
    messages: [
      ...(instructions ? [{ role: 'system' as const, content: instructions }] : []),
      ...withCallsTogether(items.flatMap(readItem)),
    ],
    options: {
      ...(body.max_output_tokens == null ? {} : { maxTokens: body.max_output_tokens }),
      ...(body.temperature == null ? {} : { temperature: body.temperature }),
      ...(tools?.length ? { tools: tools.map(readResponsesTool) } : {}),
      ...(choice == null ? {} : { toolChoice: typeof choice === 'string' ? choice : { name: choice.name } }),
    },
    ...(text?.format && text.format.type !== 'text'
      ? { schema: text.format.schema ?? { type: 'object' } }
      : {}),
  };
}

function readResponsesTool(
  tool: NonNullable<NonNullable<ResponsesRequest['tools']>>[number],
  index: number,
): TextTool {
  const { type, name } = tool;
  if (type !== 'function' || name === undefined)
    throw errors.validation(`Tools of the type "${type}" are not offered here; functions are.`, {
      field: `tools.${index}`,
    });
  return readTool({ name, description: tool.description ?? null, parameters: tool.parameters ?? null });
}

function readItem(item: InputItemBody, index: number): TextMessage[] {
  const field = `input.${index}`;
  const { type = 'message', role, name, call_id: callId } = item;
  // A model's thoughts are its own.
  if (type === 'reasoning') return [];
  if (type === 'function_call' && callId !== undefined && name !== undefined)
    return [
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: callId, name, arguments: item.arguments ?? '{}' }],
      },
    ];
  if (type === 'function_call_output' && callId !== undefined)
    return [{ role: 'tool', toolCallId: callId, content: readParts(item.output, `${field}.output`).text }];
  if (type !== 'message' || role === undefined)
    throw errors.validation(`Items of the type "${type}" are not understood here, or miss something.`, {
      field,
    });
  const { text, images } = readParts(item.content, `${field}.content`);
  if (role === 'user') return [{ role, content: text, ...(images.length > 0 ? { images } : {}) }];
  return [{ role: role === 'assistant' ? role : 'system', content: text }];
}

function readParts(
  content: InputItemBody['content'],
  field: string,
): { readonly text: string; readonly images: readonly TextImage[] } {
  if (content === undefined || typeof content === 'string') return { text: content ?? '', images: [] };
  const texts: string[] = [];
  const images: TextImage[] = [];
  for (const [index, { type, text, image_url: url }] of content.entries()) {
    const place = `${field}.${index}`;
    if ((type === 'input_text' || type === 'output_text') && text !== undefined) texts.push(text);
    else if (type === 'input_image' && url) images.push(pictureOf(url, `${place}.image_url`));
    else if (type !== 'refusal')
      throw errors.validation(`Parts of the type "${type}" are not understood here.`, { field: place });
  }
  return { text: texts.join('\n'), images };
}

/** Calls that one answer made come as items of their own; language models want them in one message. */
function withCallsTogether(messages: readonly TextMessage[]): TextMessage[] {
  const together: TextMessage[] = [];
  for (const message of messages) {
    const last = together.at(-1);
    if (message.role === 'assistant' && message.toolCalls && last?.role === 'assistant')
      together[together.length - 1] = {
        ...last,
        toolCalls: [...(last.toolCalls ?? []), ...message.toolCalls],
      };
    else together.push(message);
  }
  return together;
}
