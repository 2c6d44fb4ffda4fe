import type { TextImage } from '../../../../platform/ai/text-generator.js';
import { prefixedId } from '../../../../platform/ids.js';
import { isMembers } from '../../realtime-sessions/configuration.js';
import { RealtimeProblem } from '../events.js';

export type ItemStatus = 'completed' | 'incomplete' | 'in_progress';

export type ContentPart =
  | { readonly type: 'input_text'; readonly text: string }
  | { readonly type: 'input_audio'; readonly transcript: string | null }
  | { readonly type: 'input_image'; readonly image_url: string }
  | { readonly type: 'output_text'; readonly text: string }
  | { readonly type: 'output_audio'; readonly transcript: string };

interface ItemBase {
  readonly id: string;
  readonly object: 'realtime.item';
  readonly status: ItemStatus;
}

export interface MessageItem extends ItemBase {
  readonly type: 'message';
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly ContentPart[];
}

export interface FunctionCallItem extends ItemBase {
  readonly type: 'function_call';
  readonly name: string;
  readonly call_id: string;
  readonly arguments: string;
}

export interface FunctionOutputItem extends ItemBase {
  readonly type: 'function_call_output';
  readonly call_id: string;
  readonly output: string;
}

/** One entry of the conversation, as it is on the wire (contract §8.6). */
export type Item = MessageItem | FunctionCallItem | FunctionOutputItem;

const LONGEST_TEXT = 100_000;
const MOST_PARTS = 50;
const ID = /^[\w.:-]{1,64}$/;

/**
 * An item as a client writes it.
 *
 * @param param how the message names it, for errors
 * @throws RealtimeProblem naming the member that is wrong
 */
export function itemOf(value: unknown, param = 'item'): Item {
  if (!isMembers(value)) throw missing(param);
  const id = value.id === undefined || value.id === null ? prefixedId('item_') : value.id;
  if (typeof id !== 'string' || !ID.test(id))
    throw new RealtimeProblem(
      'invalid_value',
      'An item’s id has at most 64 letters, digits and . : _ -',
      `${param}.id`,
    );
  const base = { id, object: 'realtime.item', status: 'completed' } as const;
  switch (value.type) {
    case 'message':
      return { ...base, type: 'message', ...messageOf(value, param) };
    case 'function_call':
      return {
        ...base,
        type: 'function_call',
        name: textOf(value.name, `${param}.name`),
        call_id: textOf(value.call_id ?? prefixedId('call_'), `${param}.call_id`),
        arguments: textOf(value.arguments, `${param}.arguments`),
      };
    case 'function_call_output':
      return {
        ...base,
        type: 'function_call_output',
        call_id: textOf(value.call_id, `${param}.call_id`),
        output: textOf(value.output, `${param}.output`),
      };
    default:
      throw new RealtimeProblem(
        'invalid_value',
        'An item is a message, a function_call or a function_call_output.',
        `${param}.type`,
      );
  }
}

function messageOf(
  value: Readonly<Record<string, unknown>>,
  param: string,
): Pick<MessageItem, 'role' | 'content'> {
  const { role, content } = value;
  if (role !== 'user' && role !== 'assistant' && role !== 'system')
    throw new RealtimeProblem('invalid_value', 'A role is user, assistant or system.', `${param}.role`);
  if (!Array.isArray(content) || content.length === 0 || content.length > MOST_PARTS)
    throw new RealtimeProblem('invalid_value', `A message has 1 to ${MOST_PARTS} parts.`, `${param}.content`);
  return { role, content: content.map((part, index) => partOf(part, role, `${param}.content[${index}]`)) };
}

function partOf(part: unknown, role: MessageItem['role'], param: string): ContentPart {
  if (!isMembers(part)) throw missing(param);
  if (role === 'assistant') {
    if (part.type === 'output_text' || part.type === 'text')
      return { type: 'output_text', text: textOf(part.text, `${param}.text`) };
    if (part.type === 'output_audio')
      return { type: 'output_audio', transcript: textOf(part.transcript, `${param}.transcript`) };
    throw new RealtimeProblem('invalid_value', 'A part of an assistant is output_text.', `${param}.type`);
  }
  if (part.type === 'input_text') return { type: 'input_text', text: textOf(part.text, `${param}.text`) };
  if (part.type === 'input_audio') return { type: 'input_audio', transcript: null };
  if (part.type === 'input_image') {
    const url = textOf(part.image_url, `${param}.image_url`, 15_000_000);
    if (!imageOf(url))
      throw new RealtimeProblem(
        'invalid_value',
        'A picture is a data URL of PNG, JPEG, WebP or GIF.',
        `${param}.image_url`,
      );
    return { type: 'input_image', image_url: url };
  }
  throw new RealtimeProblem(
    'invalid_value',
    'A part of a user is input_text, input_audio or input_image.',
    `${param}.type`,
  );
}

/** The picture in a data URL, null for anything else. */
export function imageOf(url: string): TextImage | null {
  const found = /^data:(image\/(?:png|jpeg|webp|gif));base64,/.exec(url.slice(0, 40));
  if (!found) return null;
  return {
    data: Buffer.from(url.slice(found[0].length), 'base64'),
    mediaType: found[1] as TextImage['mediaType'],
  };
}

function textOf(value: unknown, param: string, longest = LONGEST_TEXT): string {
  if (typeof value !== 'string') throw missing(param);
  if (value.length > longest)
    throw new RealtimeProblem('string_above_max_length', `At most ${longest} characters.`, param);
  return value;
}

const missing = (param: string) =>
  new RealtimeProblem('missing_required_parameter', `Missing or not of the right type: ${param}.`, param);
