import { setMaxListeners } from 'node:events';
import { createSampleTape } from '../audio/sample-tape.js';
import { createVoiceActivityDetector, type VoiceActivityChange } from '../audio/voice-activity.js';
import { AppError, errors } from '../http/errors.js';
import { uuidV4 } from '../ids.js';
import { createSlots } from '../slots.js';
import { createSegmentQueue } from './segment-queue.js';
import type { PcmAudio, Transcript, TranscriptionStream, TranscriptSpan } from './transcriber.js';

/** What a recogniser heard in one utterance; times from the utterance's beginning. */
export interface Heard {
  readonly text: string;
  readonly words?: readonly TranscriptSpan[];
  readonly language?: string;
}

/** Recognises one utterance: a few seconds of speech between two pauses. Throws AppError. */
export type HearUtterance = (utterance: PcmAudio, signal: AbortSignal) => Promise<Heard>;

/** One utterance that is heard while it is spoken. */
export interface LiveHearing {
  write(samples: Int16Array): void;
  /** No more of it: the words. Throws AppError. */
  finish(): Promise<Heard>;
  /** Its words are not wanted any more. */
  cancel(): void;
}

/** Recognisers want whole sentences, and get slow and forgetful on much more. */
export const longestSpeechMs = 20_000;
/** Utterances of one stream that are recognised at the same time. */
const atOnce = 2;
/** Samples looked at between two breaths of the event loop. */
const slice = 1 << 18;

/** The utterance that is being spoken. */
interface Speaking {
  readonly id: string;
  /** Positions in the stream, in samples. */
  readonly start: number;
  sent: number;
  readonly hearing: LiveHearing | undefined;
}

/**
 * Cuts live audio into utterances and has each recognised.
 *
 * @param hear recognises an utterance when it has ended
 * @param listen used instead where the engine hears while somebody speaks; it is given a listener for the words so far
 */
export function streamByUtterances(
  { sampleRate, signal }: { readonly sampleRate: number; readonly signal?: AbortSignal },
  hear: HearUtterance,
  listen?: (onPartial: (text: string) => void) => LiveHearing,
): TranscriptionStream {
  const detector = createVoiceActivityDetector({ sampleRate, longestSpeechMs });
  const tape = createSampleTape();
  const queue = createSegmentQueue(signal);
  const slots = createSlots(atOnce);
  /** Where the utterances begin that wait for their words, in order. */
  const waiting: number[] = [];
  let speaking: Speaking | undefined;
  let isEnded = false;
  let told: Promise<unknown> = Promise.resolve();

  const begin = (start: number) => {
    const id = uuidV4();
    const hearing = listen?.((text) => {
      const end = tape.end / sampleRate;
      queue.emit({ kind: 'segment', id, text, start: start / sampleRate, end, isFinal: false });
    });
    speaking = { id, start, sent: start, hearing };
  };
  const sendUpTo = (position: number) => {
    if (!speaking?.hearing || position <= speaking.sent) return;
    speaking.hearing.write(tape.read(speaking.sent, position));
    speaking.sent = position;
  };
  const finish = ({ id, start, hearing }: Speaking, end: number) => {
    sendUpTo(end);
    speaking = undefined;
    const audio: PcmAudio = { samples: tape.read(start, end), sampleRate };
    const seconds = audio.samples.length / sampleRate;
    const span = { id, start: start / sampleRate, end: end / sampleRate };
    queue.wait(seconds);
    waiting.push(start);
    const heard = slots.run(() => orFailure(hearing ? hearing.finish() : hear(audio, queue.closing)));
    told = Promise.all([heard, told]).then(([result]) => {
      queue.wait(-seconds);
      waiting.shift();
      if (result instanceof AppError) queue.emit({ kind: 'failed', ...span, error: result, audio });
      else if (result.text !== '') queue.emit({ kind: 'segment', ...span, text: result.text, isFinal: true });
    });
  };
  const follow = (changes: readonly VoiceActivityChange[]) => {
    for (const { kind, position } of changes)
      if (kind === 'started') begin(position);
      else if (speaking) finish(speaking, position);
    sendUpTo(tape.end);
    tape.forget(detector.settledPosition);
  };

  queue.closing.addEventListener('abort', () => speaking?.hearing?.cancel(), { once: true });
  return {
    segments: queue.segments,
    get settled() {
      return Math.min(detector.settledPosition, waiting[0] ?? Number.POSITIVE_INFINITY) / sampleRate;
    },
    write(samples) {
      if (isEnded || queue.closing.aborted) return true;
      tape.write(samples);
      follow(detector.write(samples));
      return !queue.isLagging;
    },
    drained: queue.drained,
    end() {
      if (isEnded || queue.closing.aborted) return;
      isEnded = true;
      follow(detector.end());
      void told.then(queue.close);
    },
    close: queue.close,
  };
}

async function orFailure(hearing: Promise<Heard>): Promise<Heard | AppError> {
  try {
    return await hearing;
  } catch (cause) {
    return cause instanceof AppError ? cause : errors.internal({ cause });
  }
}

/**
 * Cuts a recording into utterances and has all of them recognised.
 *
 * @throws AppError when one of them cannot be, so that the recording can be tried again as a whole
 */
export async function transcribeByUtterances(
  audio: PcmAudio,
  hear: HearUtterance,
  signal: AbortSignal = new AbortController().signal,
): Promise<Transcript> {
  const { samples, sampleRate } = audio;
  const spans = await speechSpans(audio, signal);
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  setMaxListeners(0, either); // each utterance that waits for its turn listens to it
  const slots = createSlots(atOnce);
  try {
    const heard = await Promise.all(
      spans.map(({ start, end }) =>
        slots.run(() => hear({ samples: samples.slice(start, end), sampleRate }, either), either),
      ),
    );
    const placed = heard.flatMap((utterance, index) => {
      const { start, end } = spans[index] ?? { start: 0, end: 0 };
      return utterance.text === ''
        ? []
        : [{ ...utterance, start: start / sampleRate, end: end / sampleRate }];
    });
    const words = placed.flatMap(
      (utterance) => utterance.words?.map((word) => later(word, utterance.start)) ?? [],
    );
    const language = placed.find((utterance) => utterance.language)?.language;
    return {
      text: placed.map(({ text }) => text).join(' '),
      segments: placed.map(({ text, start, end }) => ({ text, start, end })),
      ...(words.length > 0 ? { words } : {}),
      duration: samples.length / sampleRate,
      ...(language ? { language } : {}),
    };
  } catch (error) {
    signal.throwIfAborted();
    failing.abort();
    throw error;
  }
}

const later = ({ text, start, end }: TranscriptSpan, by: number): TranscriptSpan => ({
  text,
  start: start + by,
  end: end + by,
});

/** Where somebody speaks, in samples. Lets the event loop breathe on long recordings. */
async function speechSpans(
  { samples, sampleRate }: PcmAudio,
  signal: AbortSignal,
): Promise<{ start: number; end: number }[]> {
  const detector = createVoiceActivityDetector({ sampleRate, longestSpeechMs });
  const spans: { start: number; end: number }[] = [];
  let start = 0;
  const follow = (changes: readonly VoiceActivityChange[]) => {
    for (const { kind, position } of changes)
      if (kind === 'started') start = position;
      else spans.push({ start, end: position });
  };
  for (let offset = 0; offset < samples.length; offset += slice) {
    signal.throwIfAborted();
    follow(detector.write(samples.subarray(offset, offset + slice)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  follow(detector.end());
  return spans;
}
