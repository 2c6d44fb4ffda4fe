import type { SpeechSynthesizer } from '../../../../platform/ai/speech-synthesizer.js';
import { splitText } from '../../../../platform/ai/split-text.js';
import type {
  FinishReason,
  TextGenerator,
  TextMessage,
  TextUsage,
} from '../../../../platform/ai/text-generator.js';
import { samplesOf } from '../../../../platform/audio/pcm.js';
import type { AppError } from '../../../../platform/http/errors.js';
import { prefixedId } from '../../../../platform/ids.js';
import { presentOpenAIError } from '../../present-error.js';
import { plainText } from '../../speaking/plain-text.js';
import { createSentenceCutter } from '../../speaking/sentences.js';
import { inWords, type RealtimeEvent, RealtimeProblem, serverEvent } from '../events.js';
import type { TurnClock } from '../turn-clock.js';
import type { FunctionCallItem, Item, ItemStatus, MessageItem } from './items.js';
import type { AnswerSettings } from './settings.js';
import { responseUsage } from './usage.js';

/** Why an answer was stopped before its end (contract §8.6). */
export type CancelReason = 'turn_detected' | 'client_cancelled';

export interface AnswerParts {
  readonly text: TextGenerator;
  readonly synthesizer: SpeechSynthesizer;
  readonly speechModel: string;
  readonly textModel: string | undefined;
  readonly apiKey: string | undefined;
  readonly settings: AnswerSettings;
  /** What the model is asked; waits for what is still being recognised. */
  readonly context: () => Promise<readonly TextMessage[]>;
  /** Said instead of asking the model; null = the model is asked. */
  readonly instead: string | null;
  /** Where the items go; for an answer out of band, nowhere. */
  readonly keep: AnswerKeeper;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly conversationId: string | null;
  readonly clock: TurnClock;
  readonly send: (event: RealtimeEvent) => void;
  /** Resolves once the client has taken most of what it was sent. */
  readonly drained: () => Promise<void>;
  readonly log: (error: unknown) => void;
}

export interface AnswerKeeper {
  /** @returns the id of the item before it; undefined = the item is not part of the conversation */
  add(item: Item): string | null | undefined;
  replace(item: Item): void;
  spoke(itemId: string, text: string, milliseconds: number): void;
}

/** An answer in the making. */
export interface Answer {
  readonly id: string;
  /** Ends it at once, with all the events that end it. */
  cancel(reason: CancelReason): void;
  /** Ends it without a word: nobody listens any more. */
  abandon(): void;
  /** Resolves when everything about it has been said. Never rejects. */
  readonly finished: Promise<void>;
}

/** Speech in one event: short enough to stop between two, long enough not to be many. */
const SAMPLES_PER_DELTA = 4_800;
/** Sentences that are spoken ahead of the one being sent. */
const AHEAD = 2;

type Ending =
  | { readonly status: 'completed' }
  | { readonly status: 'cancelled'; readonly reason: CancelReason }
  | { readonly status: 'incomplete'; readonly reason: 'max_output_tokens' | 'content_filter' }
  | { readonly status: 'failed'; readonly error: AppError | RealtimeProblem };

/** The answer that is being said, as far as it has been sent. */
interface OpenMessage {
  readonly id: string;
  readonly index: number;
  text: string;
  /** What was put into sound so far. */
  spoken: string;
}

/** A function call and its place in the output. */
type OpenCall = FunctionCallItem & { readonly index: number };

/**
 * Lets the text engine answer, sentence by sentence into sound, and tells it in the order of contract §8.6. There is
 * exactly one `response.done`, whatever happens.
 */
export function startAnswer(parts: AnswerParts): Answer {
  const { settings, clock, keep, send } = parts;
  const id = prefixedId('resp_');
  const stopping = new AbortController();
  const output: Item[] = [];
  const spent: { asked: number; usage: TextUsage | null; spokenMs: number } = {
    asked: 0,
    usage: null,
    spokenMs: 0,
  };
  /** The item before each one of ours, when it is part of the conversation. */
  const previousOf = new Map<string, string | null | undefined>();
  let message: OpenMessage | undefined;
  let written = '';
  let isOver = false;

  const place = ({ id: itemId, index }: OpenMessage) => ({
    response_id: id,
    item_id: itemId,
    output_index: index,
    content_index: 0,
  });
  const messageItem = (open: OpenMessage, status: ItemStatus, words: string): MessageItem => ({
    id: open.id,
    object: 'realtime.item',
    type: 'message',
    role: 'assistant',
    status,
    content:
      status === 'in_progress'
        ? []
        : [
            settings.modality === 'audio'
              ? { type: 'output_audio', transcript: words }
              : { type: 'output_text', text: words },
          ],
  });
  const partOf = (words: string) =>
    settings.modality === 'audio' ? { type: 'audio', transcript: words } : { type: 'text', text: words };

  const begin = (item: Item) => {
    output.push(item);
    send(
      serverEvent('response.output_item.added', { response_id: id, output_index: output.length - 1, item }),
    );
    const previous = keep.add(item);
    if (previous !== undefined)
      send(serverEvent('conversation.item.added', { previous_item_id: previous, item }));
    return previous;
  };
  const finish = (index: number, item: Item) => {
    output[index] = item;
    keep.replace(item);
    send(serverEvent('response.output_item.done', { response_id: id, output_index: index, item }));
  };
  const openMessage = (): OpenMessage => {
    if (message) return message;
    const open: OpenMessage = { id: prefixedId('item_'), index: output.length, text: '', spoken: '' };
    message = open;
    previousOf.set(open.id, begin(messageItem(open, 'in_progress', '')));
    send(serverEvent('response.content_part.added', { ...place(open), part: partOf('') }));
    return open;
  };
  const itemDone = (item: Item) => {
    const previous = previousOf.get(item.id);
    if (previous !== undefined)
      send(serverEvent('conversation.item.done', { previous_item_id: previous, item }));
  };
  const closeMessage = (status: ItemStatus) => {
    if (!message) return;
    const open = message;
    message = undefined;
    const isSpoken = settings.modality === 'audio';
    // What was written but never put into sound was not heard by anybody.
    const words = (isSpoken && status === 'incomplete' ? open.spoken : open.text).trim();
    if (isSpoken) {
      send(serverEvent('response.output_audio.done', place(open)));
      send(serverEvent('response.output_audio_transcript.done', { ...place(open), transcript: words }));
    } else send(serverEvent('response.output_text.done', { ...place(open), text: words }));
    send(serverEvent('response.content_part.done', { ...place(open), part: partOf(words) }));
    const item = messageItem(open, status, words);
    finish(open.index, item);
    itemDone(item);
  };

  const responseObject = (status: string, more: Readonly<Record<string, unknown>> = {}) => ({
    object: 'realtime.response',
    id,
    status,
    status_details: null,
    output: [...output],
    conversation_id: parts.conversationId,
    output_modalities: [settings.modality],
    max_output_tokens: settings.options.maxTokens ?? 'inf',
    audio: { output: { format: formatOf(settings), voice: settings.voice } },
    usage: null,
    metadata: parts.metadata,
    ...more,
  });
  const end = (ending: Ending) => {
    if (isOver) return;
    isOver = true;
    stopping.abort();
    closeMessage(ending.status === 'completed' ? 'completed' : 'incomplete');
    for (const [index, item] of output.entries())
      if (item.status === 'in_progress') finish(index, { ...item, status: 'incomplete' });
    clock.reach('done_ms');
    const answered = output.map((item) => ('arguments' in item ? item.arguments : '')).join('') + written;
    send(
      serverEvent('response.done', {
        response: responseObject(ending.status, {
          status_details: detailsOf(ending),
          usage: responseUsage(spent.usage, { asked: spent.asked, answered, spokenMs: spent.spokenMs }),
        }),
      }),
    );
    send(clock.report(id));
  };

  /** Sound in the order of the sentences, however soon each of them is ready. */
  const speech = createSpeechLine(parts, stopping.signal, async (sentence, samples) => {
    const open = openMessage();
    open.spoken += sentence;
    const milliseconds = samples.length / 24;
    spent.spokenMs += milliseconds;
    keep.spoke(open.id, sentence, milliseconds);
    const encoder = settings.format.createEncoder();
    for (let from = 0; from < samples.length; from += SAMPLES_PER_DELTA) {
      await parts.drained();
      if (isOver) return;
      const isLast = from + SAMPLES_PER_DELTA >= samples.length;
      const bytes = [
        encoder.push(samples.slice(from, from + SAMPLES_PER_DELTA)),
        ...(isLast ? [encoder.end()] : []),
      ];
      clock.reach('first_audio_ms');
      send(
        serverEvent('response.output_audio.delta', {
          ...place(open),
          delta: Buffer.concat(bytes).toString('base64'),
        }),
      );
    }
  });
  const say = (sentence: string) => {
    const words = `${plainText(sentence)} `;
    if (words === ' ') return;
    const open = openMessage();
    open.text += words;
    written += words;
    send(serverEvent('response.output_audio_transcript.delta', { ...place(open), delta: words }));
    speech.say(words);
  };
  const write = (text: string) => {
    const open = openMessage();
    open.text += text;
    written += text;
    send(serverEvent('response.output_text.delta', { ...place(open), delta: text }));
  };

  const run = async (): Promise<void> => {
    const messages = await parts.context();
    if (isOver) return;
    clock.reach('transcript_ms');
    if (parts.instead !== null) {
      if (settings.modality === 'text') write(parts.instead);
      else say(parts.instead);
      await speech.finished();
      return end({ status: 'completed' });
    }
    spent.asked = messages.reduce((sum, { content }) => sum + content.length, 0);
    if (!messages.some(({ role }) => role === 'user' || role === 'tool')) return end({ status: 'completed' });
    const cutter = createSentenceCutter();
    const calls = new Map<number, OpenCall>();
    let reason: FinishReason = 'stop';
    const { options } = settings;
    const asked = {
      ...options,
      signal: stopping.signal,
      ...(parts.textModel === undefined ? {} : { model: parts.textModel }),
      ...(parts.apiKey === undefined ? {} : { apiKey: parts.apiKey }),
    };
    for await (const event of parts.text.stream(messages, asked)) {
      if (isOver) return;
      if (event.type === 'text') {
        clock.reach('first_text_ms');
        if (settings.modality === 'text') write(event.text);
        else for (const sentence of cutter.add(event.text)) say(sentence);
      } else if (event.type === 'tool-call-delta') {
        const call = calls.get(event.index) ?? beginCall(event.id, event.name);
        calls.set(event.index, call);
        if (event.arguments !== '')
          send(
            serverEvent('response.function_call_arguments.delta', {
              ...callPlace(call),
              delta: event.arguments,
            }),
          );
      } else if (event.type === 'tool-call') {
        const call = calls.get(event.index) ?? beginCall(event.call.id, event.call.name);
        finishCall({ ...call, arguments: event.call.arguments, status: 'completed' });
      } else {
        reason = event.finishReason;
        spent.usage = event.usage;
      }
    }
    if (settings.modality === 'audio') for (const sentence of cutter.rest()) say(sentence);
    await speech.finished();
    end(endingOf(reason));
  };

  const callPlace = (call: OpenCall) => ({
    response_id: id,
    item_id: call.id,
    output_index: call.index,
    call_id: call.call_id,
  });
  const beginCall = (callId: string, name: string): OpenCall => {
    const item: FunctionCallItem = {
      id: prefixedId('item_'),
      object: 'realtime.item',
      type: 'function_call',
      status: 'in_progress',
      name,
      call_id: callId || prefixedId('call_'),
      arguments: '',
    };
    const index = output.length;
    previousOf.set(item.id, begin(item));
    return { ...item, index };
  };
  const finishCall = ({ index, ...item }: OpenCall) => {
    send(
      serverEvent('response.function_call_arguments.done', {
        ...callPlace({ ...item, index }),
        name: item.name,
        arguments: item.arguments,
      }),
    );
    finish(index, item);
    itemDone(item);
  };

  send(serverEvent('response.created', { response: responseObject('in_progress') }));
  const finished = run().catch((error: unknown) => {
    if (isOver) return;
    parts.log(error);
    end({ status: 'failed', error: inWords(error) });
  });
  return {
    id,
    cancel: (reason) => end({ status: 'cancelled', reason }),
    abandon: () => {
      isOver = true;
      stopping.abort();
    },
    finished,
  };
}

const formatOf = ({ format }: AnswerSettings) =>
  format.name === 'audio/pcm' ? { type: format.name, rate: format.sampleRate } : { type: format.name };

function endingOf(reason: FinishReason): Ending {
  if (reason === 'length') return { status: 'incomplete', reason: 'max_output_tokens' };
  if (reason === 'content_filter') return { status: 'incomplete', reason };
  return { status: 'completed' };
}

function detailsOf(ending: Ending): Readonly<Record<string, unknown>> | null {
  if (ending.status === 'completed') return null;
  if (ending.status !== 'failed') return { type: ending.status, reason: ending.reason };
  const { error } = ending;
  if (error instanceof RealtimeProblem)
    return {
      type: 'failed',
      error: { type: 'invalid_request_error', code: error.code, message: error.message },
    };
  const { type, code, message } = presentOpenAIError(error).error;
  return { type: 'failed', error: { type, code, message } };
}

/** Speaks sentences one after the other, a few of them ahead. */
function createSpeechLine(
  { synthesizer, speechModel, apiKey, settings: { voice, speed } }: AnswerParts,
  signal: AbortSignal,
  tell: (sentence: string, samples: Int16Array) => Promise<void>,
) {
  let told: Promise<void> = Promise.resolve();
  const waiting: Promise<void>[] = [];
  const options = { signal, ...(apiKey === undefined ? {} : { apiKey }) };
  const speak = async (sentence: string, turn: Promise<void> | undefined): Promise<Int16Array> => {
    await turn;
    const pieces: Uint8Array[] = [];
    for (const text of splitText(sentence.trim(), synthesizer.charactersPerCall)) {
      signal.throwIfAborted();
      pieces.push(
        await synthesizer.synthesize({ text, voice, model: speechModel, format: 'pcm', speed }, options),
      );
    }
    return samplesOf(Buffer.concat(pieces));
  };
  return {
    say: (sentence: string): void => {
      const samples = speak(sentence, waiting.at(-AHEAD));
      const before = told;
      told = (async () => {
        await before;
        await tell(sentence, await samples);
      })();
      waiting.push(told);
      // Told by `finished()`; without a listener of its own a failure of the second sentence would end the process.
      told.catch(() => {});
      samples.catch(() => {});
    },
    finished: (): Promise<void> => told,
  };
}
