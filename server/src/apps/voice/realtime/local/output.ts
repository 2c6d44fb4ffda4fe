import { prefixedId } from '../../../../platform/ids.js';
import { type RealtimeEvent, serverEvent } from '../events.js';
import type { FunctionCallItem, Item, ItemStatus, MessageItem } from './items.js';

/** Where the items of an answer go; for an answer out of band, nowhere. */
export interface AnswerKeeper {
  /** @returns the id of the item before it; undefined = the item is not part of the conversation */
  add(item: Item): string | null | undefined;
  replace(item: Item): void;
  spoke(itemId: string, text: string, milliseconds: number): void;
}

export interface OutputOptions {
  readonly responseId: string;
  readonly modality: 'audio' | 'text';
  readonly keep: AnswerKeeper;
  readonly send: (event: RealtimeEvent) => void;
}

/** The message that is being said, as far as it has been sent. */
interface OpenMessage {
  readonly id: string;
  readonly index: number;
  text: string;
  /** What was put into sound so far. */
  spoken: string;
}

/** A function call and its place in the output. */
export type OpenCall = FunctionCallItem & { readonly index: number };

/** The items of one answer, told event by event in the order of contract §8.6. A message opens with its first word. */
export class AnswerOutput {
  readonly #options: OutputOptions;
  readonly #items: Item[] = [];
  /** The item before each one of ours, when it is part of the conversation. */
  readonly #previousOf = new Map<string, string | null | undefined>();
  #message: OpenMessage | undefined;
  /** Everything that was written, for the count of tokens. */
  #written = '';

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  get items(): readonly Item[] {
    return [...this.#items];
  }

  /** What the model has produced, function calls included. */
  get text(): string {
    return this.#items.map((item) => ('arguments' in item ? item.arguments : '')).join('') + this.#written;
  }

  write(text: string): void {
    const open = this.#openMessage();
    open.text += text;
    this.#written += text;
    const type = this.#isSpoken ? 'response.output_audio_transcript.delta' : 'response.output_text.delta';
    this.#send(type, { ...this.#place(open), delta: text });
  }

  /** Notes that a sentence of what was written is about to be heard. */
  spoke(sentence: string, milliseconds: number): void {
    const open = this.#openMessage();
    open.spoken += sentence;
    this.#options.keep.spoke(open.id, sentence, milliseconds);
  }

  sound(bytes: Uint8Array): void {
    const delta = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    this.#send('response.output_audio.delta', { ...this.#place(this.#openMessage()), delta });
  }

  beginCall(callId: string, name: string): OpenCall {
    const item: FunctionCallItem = {
      id: prefixedId('item_'),
      object: 'realtime.item',
      type: 'function_call',
      status: 'in_progress',
      name,
      call_id: callId || prefixedId('call_'),
      arguments: '',
    };
    const index = this.#items.length;
    this.#begin(item);
    return { ...item, index };
  }

  callArguments(call: OpenCall, delta: string): void {
    if (delta !== '')
      this.#send('response.function_call_arguments.delta', { ...this.#callPlace(call), delta });
  }

  finishCall({ index, ...begun }: OpenCall, words: string): void {
    const item: FunctionCallItem = { ...begun, arguments: words, status: 'completed' };
    this.#send('response.function_call_arguments.done', {
      ...this.#callPlace({ ...item, index }),
      name: item.name,
      arguments: item.arguments,
    });
    this.#finish(index, item);
    this.#done(item);
  }

  /** Ends the message and whatever else is open. */
  close(status: Exclude<ItemStatus, 'in_progress'>): void {
    this.#closeMessage(status);
    for (const [index, item] of this.#items.entries())
      if (item.status === 'in_progress') this.#finish(index, { ...item, status: 'incomplete' });
  }

  get #isSpoken(): boolean {
    return this.#options.modality === 'audio';
  }

  #openMessage(): OpenMessage {
    if (this.#message) return this.#message;
    const open: OpenMessage = {
      id: prefixedId('item_'),
      index: this.#items.length,
      text: '',
      spoken: '',
    };
    this.#message = open;
    this.#begin({ ...messageBase(open.id), status: 'in_progress', content: [] });
    this.#send('response.content_part.added', { ...this.#place(open), part: this.#part('') });
    return open;
  }

  #closeMessage(status: ItemStatus): void {
    const open = this.#message;
    if (!open) return;
    this.#message = undefined;
    // What was written but never put into sound was not heard by anybody.
    const words = (this.#isSpoken && status === 'incomplete' ? open.spoken : open.text).trim();
    const place = this.#place(open);
    if (this.#isSpoken) {
      this.#send('response.output_audio.done', place);
      this.#send('response.output_audio_transcript.done', { ...place, transcript: words });
    } else this.#send('response.output_text.done', { ...place, text: words });
    this.#send('response.content_part.done', { ...place, part: this.#part(words) });
    const item: MessageItem = {
      ...messageBase(open.id),
      status,
      content: [
        this.#isSpoken ? { type: 'output_audio', transcript: words } : { type: 'output_text', text: words },
      ],
    };
    this.#finish(open.index, item);
    this.#done(item);
  }

  #begin(item: Item): void {
    this.#items.push(item);
    this.#send('response.output_item.added', { output_index: this.#items.length - 1, item });
    const previous = this.#options.keep.add(item);
    this.#previousOf.set(item.id, previous);
    if (previous !== undefined)
      this.#options.send(serverEvent('conversation.item.added', { previous_item_id: previous, item }));
  }

  #finish(index: number, item: Item): void {
    this.#items[index] = item;
    this.#options.keep.replace(item);
    this.#send('response.output_item.done', { output_index: index, item });
  }

  #done(item: Item): void {
    const previous = this.#previousOf.get(item.id);
    if (previous !== undefined)
      this.#options.send(serverEvent('conversation.item.done', { previous_item_id: previous, item }));
  }

  #part(words: string) {
    return this.#isSpoken ? { type: 'audio', transcript: words } : { type: 'text', text: words };
  }

  #place({ id, index }: OpenMessage) {
    return { item_id: id, output_index: index, content_index: 0 };
  }

  #callPlace({ id, index, call_id }: OpenCall) {
    return { item_id: id, output_index: index, call_id };
  }

  #send(type: string, members: Readonly<Record<string, unknown>>): void {
    this.#options.send(serverEvent(type, { response_id: this.#options.responseId, ...members }));
  }
}

const messageBase = (id: string) => ({
  id,
  object: 'realtime.item' as const,
  type: 'message' as const,
  role: 'assistant' as const,
});
