import type { TextMessage, ToolCall } from '../../../../platform/ai/text-generator.js';
import { RealtimeProblem } from '../events.js';
import { type ContentPart, type Item, imageOf, type MessageItem } from './items.js';

/** A stretch of an answer that was spoken, for cutting it where the listener stopped it. */
export interface SpokenPiece {
  readonly text: string;
  readonly milliseconds: number;
}

/** The items of one session, in order. */
export interface Conversation {
  readonly items: readonly Item[];
  /**
   * @param previousId the item before it; `root` = first; undefined or null = last
   * @returns the id of the item before it
   * @throws RealtimeProblem when its id is taken, or the one before it is not there
   */
  insert(item: Item, previousId?: string | null): string | null;
  /** Puts another state of an item in its place; nothing happens when it has been deleted. */
  replace(item: Item): void;
  /** @throws RealtimeProblem */
  get(id: string): Item;
  /** @throws RealtimeProblem */
  remove(id: string): void;
  previousOf(id: string): string | null;
  /** What was spoken for an item so far. */
  spoke(id: string, piece: SpokenPiece): void;
  /**
   * Forgets what the listener did not hear.
   *
   * @throws RealtimeProblem for what is no spoken answer, or has not been that long
   */
  truncate(id: string, contentIndex: number, audioEndMs: number): void;
}

/** More than an hour of talk; the oldest are let go. */
const MOST_ITEMS = 1_000;

export function createConversation(): Conversation {
  const items: Item[] = [];
  const spoken = new Map<string, SpokenPiece[]>();
  const indexOf = (id: string): number => {
    const index = items.findIndex((item) => item.id === id);
    if (index < 0) throw new RealtimeProblem('item_not_found', `There is no item ${id}.`, 'item_id');
    return index;
  };
  return {
    items,
    insert: (item, previousId) => {
      if (items.some(({ id }) => id === item.id))
        throw new RealtimeProblem('item_already_exists', `There is an item ${item.id} already.`, 'item.id');
      const at =
        previousId === undefined || previousId === null
          ? items.length
          : previousId === 'root'
            ? 0
            : indexOf(previousId) + 1;
      items.splice(at, 0, item);
      if (items.length > MOST_ITEMS) {
        const oldest = items.shift();
        if (oldest) spoken.delete(oldest.id);
      }
      return items[items.indexOf(item) - 1]?.id ?? null;
    },
    replace: (item) => {
      const index = items.findIndex(({ id }) => id === item.id);
      if (index >= 0) items[index] = item;
    },
    get: (id) => items[indexOf(id)] as Item,
    remove: (id) => {
      items.splice(indexOf(id), 1);
      spoken.delete(id);
    },
    previousOf: (id) => items[indexOf(id) - 1]?.id ?? null,
    spoke: (id, piece) => {
      const pieces = spoken.get(id) ?? [];
      pieces.push(piece);
      spoken.set(id, pieces);
    },
    truncate: (id, contentIndex, audioEndMs) => {
      const item = items[indexOf(id)];
      const part = item?.type === 'message' ? item.content[contentIndex] : undefined;
      const pieces = spoken.get(id);
      if (item?.type !== 'message' || part?.type !== 'output_audio' || !pieces)
        throw new RealtimeProblem('invalid_value', 'Only the audio of an answer can be cut.', 'item_id');
      const length = pieces.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      if (audioEndMs > Math.ceil(length))
        throw new RealtimeProblem(
          'invalid_value',
          `The audio of this item is only ${Math.floor(length)} ms long.`,
          'audio_end_ms',
        );
      const heard = heardOf(pieces, audioEndMs);
      spoken.set(id, heard);
      const transcript = heard
        .map(({ text }) => text)
        .join('')
        .trimEnd();
      const content = item.content.with(contentIndex, { type: 'output_audio', transcript });
      items[items.indexOf(item)] = { ...item, content };
    },
  };
}

/** The pieces up to a moment; of the one that was going on then, as many of its words as its share of the time. */
function heardOf(pieces: readonly SpokenPiece[], audioEndMs: number): SpokenPiece[] {
  const heard: SpokenPiece[] = [];
  let left = audioEndMs;
  for (const piece of pieces) {
    if (left <= 0) break;
    if (piece.milliseconds <= left) heard.push(piece);
    else {
      const words = piece.text.match(/\s*\S+/g) ?? [];
      const share = Math.floor((words.length * left) / piece.milliseconds);
      heard.push({ text: words.slice(0, share).join(''), milliseconds: left });
    }
    left -= piece.milliseconds;
  }
  return heard;
}

/** About 15,000 tokens: what of the conversation a model is told again at every turn. */
const LONGEST_CONTEXT = 60_000;

/** What the text port is asked: the instructions and the newest items that fit. */
export function messagesOf(instructions: string, items: readonly Item[]): TextMessage[] {
  const messages: TextMessage[] = [];
  let characters = 0;
  for (const item of answered(items).toReversed()) {
    const message = messageOf(item);
    if (!message) continue;
    characters += message.content.length;
    if (characters > LONGEST_CONTEXT && messages.length > 0) break;
    messages.unshift(message);
  }
  // What a tool said means nothing without the call.
  while (messages[0]?.role === 'tool') messages.shift();
  const grouped = messages.reduce<TextMessage[]>(joinCalls, []);
  return instructions === '' ? grouped : [{ role: 'system', content: instructions }, ...grouped];
}

/** Providers refuse calls without an answer, and answers without a call. */
function answered(items: readonly Item[]): readonly Item[] {
  const calls = new Set(items.flatMap((item) => (item.type === 'function_call' ? [item.call_id] : [])));
  const outputs = new Set(
    items.flatMap((item) => (item.type === 'function_call_output' ? [item.call_id] : [])),
  );
  return items.filter(
    (item) => item.type === 'message' || (calls.has(item.call_id) && outputs.has(item.call_id)),
  );
}

function messageOf(item: Item): TextMessage | null {
  if (item.type === 'function_call') return { role: 'assistant', content: '', toolCalls: [callOf(item)] };
  if (item.type === 'function_call_output')
    return { role: 'tool', toolCallId: item.call_id, content: item.output };
  const content = textOf(item);
  const images = item.content.flatMap((part) => {
    const image = part.type === 'input_image' ? imageOf(part.image_url) : null;
    return image ? [image] : [];
  });
  if (content === '' && images.length === 0) return null;
  return item.role === 'user' && images.length > 0
    ? { role: 'user', content, images }
    : { role: item.role, content };
}

const callOf = (item: Extract<Item, { type: 'function_call' }>): ToolCall => ({
  id: item.call_id,
  name: item.name,
  arguments: item.arguments,
});

/** Calls of one answer are one message, with the words that came before them. */
function joinCalls(messages: TextMessage[], message: TextMessage): TextMessage[] {
  const last = messages.at(-1);
  if (message.role === 'assistant' && message.toolCalls && last?.role === 'assistant')
    messages[messages.length - 1] = {
      ...last,
      toolCalls: [...(last.toolCalls ?? []), ...message.toolCalls],
    };
  else messages.push(message);
  return messages;
}

/** The words of a message. */
export const textOf = ({ content }: Pick<MessageItem, 'content'>): string =>
  content
    .map(wordsOf)
    .filter((words) => words !== '')
    .join('\n');

function wordsOf(part: ContentPart): string {
  if (part.type === 'input_image') return '';
  return 'text' in part ? part.text : (part.transcript ?? '');
}
