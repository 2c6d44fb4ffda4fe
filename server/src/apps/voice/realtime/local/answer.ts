import type { SpeechSynthesizer } from '../../../../platform/ai/speech-synthesizer.js';
import type {
  FinishReason,
  TextGenerator,
  TextMessage,
  TextUsage,
} from '../../../../platform/ai/text-generator.js';
import type { AppError } from '../../../../platform/http/errors.js';
import { prefixedId } from '../../../../platform/ids.js';
import { presentOpenAIError } from '../../present-error.js';
import { plainText } from '../../speaking/plain-text.js';
import { createSentenceCutter } from '../../speaking/sentences.js';
import { inWords, type RealtimeEvent, RealtimeProblem, serverEvent } from '../events.js';
import type { TurnClock } from '../turn-clock.js';
import { type AnswerKeeper, AnswerOutput, type OpenCall } from './output.js';
import type { AnswerSettings } from './settings.js';
import { createSpeechLine } from './speech-line.js';
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
  readonly keep: AnswerKeeper;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly conversationId: string | null;
  readonly clock: TurnClock;
  readonly send: (event: RealtimeEvent) => void;
  /** Resolves once the client has taken most of what it was sent. */
  readonly drained: () => Promise<void>;
  readonly log: (error: unknown) => void;
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

type Ending =
  | { readonly status: 'completed' }
  | { readonly status: 'cancelled'; readonly reason: CancelReason }
  | { readonly status: 'incomplete'; readonly reason: 'max_output_tokens' | 'content_filter' }
  | { readonly status: 'failed'; readonly error: AppError | RealtimeProblem };

/**
 * Lets the text engine answer, sentence by sentence into sound, and tells it in the order of contract §8.6. There is
 * exactly one `response.done`, whatever happens.
 */
export function startAnswer(parts: AnswerParts): Answer {
  const { settings, clock, keep, send } = parts;
  const id = prefixedId('resp_');
  const stopping = new AbortController();
  const output = new AnswerOutput({ responseId: id, modality: settings.modality, keep, send });
  const spent: { asked: number; usage: TextUsage | null; spokenMs: number } = {
    asked: 0,
    usage: null,
    spokenMs: 0,
  };
  let isOver = false;

  const responseObject = (status: string, more: Readonly<Record<string, unknown>> = {}) => ({
    object: 'realtime.response',
    id,
    status,
    status_details: null,
    output: output.items,
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
    output.close(ending.status === 'completed' ? 'completed' : 'incomplete');
    clock.reach('done_ms');
    send(
      serverEvent('response.done', {
        response: responseObject(ending.status, {
          status_details: detailsOf(ending),
          usage: responseUsage(spent.usage, {
            asked: spent.asked,
            answered: output.text,
            spokenMs: spent.spokenMs,
          }),
        }),
      }),
    );
    send(clock.report(id));
  };

  /** Sound in the order of the sentences, however soon each of them is ready. */
  const tell = async (sentence: string, samples: Int16Array) => {
    const milliseconds = samples.length / 24;
    spent.spokenMs += milliseconds;
    output.spoke(sentence, milliseconds);
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
      output.sound(Buffer.concat(bytes));
    }
  };
  const speech = createSpeechLine({
    synthesizer: parts.synthesizer,
    model: parts.speechModel,
    voice: settings.voice,
    speed: settings.speed,
    apiKey: parts.apiKey,
    signal: stopping.signal,
    tell,
  });
  const say = (sentence: string) => {
    const words = `${plainText(sentence)} `;
    if (words === ' ') return;
    output.write(words);
    speech.say(words);
  };

  const run = async (): Promise<void> => {
    const messages = await parts.context();
    if (isOver) return;
    clock.reach('transcript_ms');
    if (parts.instead !== null) {
      if (settings.modality === 'text') output.write(parts.instead);
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
        if (settings.modality === 'text') output.write(event.text);
        else for (const sentence of cutter.add(event.text)) say(sentence);
      } else if (event.type === 'tool-call-delta') {
        const call = calls.get(event.index) ?? output.beginCall(event.id, event.name);
        calls.set(event.index, call);
        output.callArguments(call, event.arguments);
      } else if (event.type === 'tool-call') {
        const { id: callId, name, arguments: words } = event.call;
        output.finishCall(calls.get(event.index) ?? output.beginCall(callId, name), words);
      } else {
        reason = event.finishReason;
        spent.usage = event.usage;
      }
    }
    if (settings.modality === 'audio') for (const sentence of cutter.rest()) say(sentence);
    await speech.finished();
    end(endingOf(reason));
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
