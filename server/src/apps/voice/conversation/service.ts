import type { SpeechFormat } from '../../../platform/ai/speech-synthesizer.js';
import type { TextEnd, TextEvent, TextMessage } from '../../../platform/ai/text-generator.js';
import { AppError, errors } from '../../../platform/http/errors.js';
import { prefixedId } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { VoiceCaller } from '../callers.js';
import { fromEngine } from '../engine-failures.js';
import type { EngineChoice } from '../engines.js';
import { aloud, type SpeechFailed, type SpokenPiece } from '../speaking/aloud.js';
import { HISTORY_CHARACTERS, HISTORY_ITEMS, MESSAGE_CHARACTERS } from './schemas.js';

/** What the user says, and what was said before. */
export interface Question {
  readonly message: string;
  readonly history: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[];
}

/** How the answer is to be spoken. */
export interface SpokenIn {
  readonly voice: string;
  readonly format: SpeechFormat;
}

export interface Turn extends Omit<TextEnd, 'finishReason'> {
  readonly id: string;
  readonly text: string;
}

export type TurnEvent =
  | { readonly type: 'text'; readonly text: string }
  | SpokenPiece
  | SpeechFailed
  | { readonly type: 'done'; readonly turn: Turn };

export interface TurnOptions {
  readonly signal: AbortSignal;
  /** Only in streams. */
  readonly spokenIn?: SpokenIn;
  /** Keeps the turn before its end is told. */
  readonly keep?: (turn: Turn) => Promise<void>;
}

export interface ConversationService {
  /** @throws AppError in the words of contract §5.1 */
  answer(caller: VoiceCaller, question: Question, options: TurnOptions): Promise<Turn>;
  /** The same piece by piece, spoken when a voice is given. `done` comes last and once. */
  stream(caller: VoiceCaller, question: Question, options: TurnOptions): AsyncIterable<TurnEvent>;
}

export function createConversationService(
  { config }: Pick<Platform, 'config'>,
  engines: EngineChoice,
): ConversationService {
  const model = config.VOICE_MODEL;

  const write = (caller: VoiceCaller, question: Question, signal: AbortSignal) =>
    engines.enginesFor(caller.apiKey).text.stream(messagesOf(question, config.VOICE_INSTRUCTIONS), {
      signal,
      ...(model ? { model } : {}),
      ...(caller.apiKey === undefined ? {} : { apiKey: caller.apiKey }),
    });

  async function* stream(
    caller: VoiceCaller,
    question: Question,
    { signal, spokenIn, keep }: TurnOptions,
  ): AsyncGenerator<TurnEvent> {
    const { synthesizer } = engines.enginesFor(caller.apiKey);
    const speak = (text: string, { voice, format }: SpokenIn) =>
      synthesizer.synthesize(
        { text, voice, format, model: config.VOICE_SPEECH_MODEL, speed: 1 },
        { signal, ...(caller.apiKey === undefined ? {} : { apiKey: caller.apiKey }) },
      );
    let text = '';
    try {
      const written = write(caller, question, signal);
      const events: AsyncIterable<TextEvent | SpokenPiece | SpeechFailed> = spokenIn
        ? aloud(written, spokenIn.format, (sentence) => speak(sentence, spokenIn))
        : written;
      for await (const event of events) {
        if (event.type === 'text') {
          text += event.text;
          yield event;
        } else if (event.type === 'audio' || event.type === 'speech-failed') yield event;
        else if (event.type === 'end') {
          const turn = turnOf(text, event);
          await keep?.(turn);
          yield { type: 'done', turn };
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      throw fromEngine(error, caller);
    }
  }

  return {
    stream,
    answer: async (caller, question, { spokenIn: _, ...options }) => {
      for await (const event of stream(caller, question, options))
        if (event.type === 'done') return event.turn;
      throw errors.upstreamFailed('The assistant broke off in the middle of its answer.');
    },
  };
}

function turnOf(text: string, { finishReason, model, usage }: TextEnd): Turn {
  if (text.trim() === '')
    throw finishReason === 'content_filter'
      ? errors.badRequest('The assistant declines to answer this.')
      : errors.upstreamFailed('The assistant had nothing to say. Please ask again.');
  return { id: prefixedId('turn_'), text: text.trim(), model, usage };
}

/**
 * Checks and trims what was asked (contract §5.1).
 *
 * @throws AppError 400 for an empty message, 413 for one that is too long
 */
export function questionOf(message: string, history: Question['history'] = []): Question {
  const trimmed = message.trim();
  if (trimmed === '') throw errors.validation('message must not be empty', { field: 'message' });
  if ([...trimmed].length > MESSAGE_CHARACTERS)
    throw new AppError(
      'TOO_LARGE',
      413,
      `The message is longer than ${MESSAGE_CHARACTERS} characters. Please say it shorter.`,
      { field: 'message' },
    );
  return { message: trimmed, history: lastOf(history) };
}

/** The newest messages that fit; the oldest are dropped. */
function lastOf(history: Question['history']): Question['history'] {
  let characters = 0;
  let start = history.length;
  while (start > 0 && history.length - start < HISTORY_ITEMS) {
    characters += history[start - 1]?.content.length ?? 0;
    if (characters > HISTORY_CHARACTERS) break;
    start -= 1;
  }
  return history.slice(start);
}

const messagesOf = ({ message, history }: Question, instructions: string): TextMessage[] => [
  { role: 'system', content: instructions },
  ...history.map(({ role, content }) => ({ role, content })),
  { role: 'user', content: message },
];
