import type { SpeechFormat } from '../../../platform/ai/speech-synthesizer.js';
import type { TextEvent } from '../../../platform/ai/text-generator.js';
import { toAppError } from '../../../platform/http/error-body.js';
import { type AppError, errors } from '../../../platform/http/errors.js';
import { createSlots } from '../../../platform/slots.js';
import { plainText } from './plain-text.js';
import { createSentenceCutter } from './sentences.js';

/** A sentence as a complete audio file of its own. */
export interface SpokenPiece {
  readonly type: 'audio';
  readonly audio: Uint8Array;
  readonly format: SpeechFormat;
  /** Counts from 0: the order of playing. */
  readonly seq: number;
}

/** From here on nothing more is spoken; the text goes on. */
export interface SpeechFailed {
  readonly type: 'speech-failed';
  readonly error: AppError;
}

/** Sentences that are synthesized at the same time: the next one while the first is played. */
const AT_ONCE = 2;

/**
 * Speaks an answer while it is written: its own events as they come, and each sentence as audio, in order. The end of the
 * text comes behind the last audio.
 *
 * @param speak makes a whole audio file of a sentence
 */
export async function* aloud(
  events: AsyncIterable<TextEvent>,
  format: SpeechFormat,
  speak: (text: string) => Promise<Uint8Array>,
): AsyncGenerator<TextEvent | SpokenPiece | SpeechFailed> {
  const iterator = events[Symbol.asyncIterator]();
  const cutter = createSentenceCutter();
  const slots = createSlots(AT_ONCE);
  const spoken: Promise<Uint8Array | AppError>[] = [];
  let seq = 0;
  let hasFailed = false;
  let end: TextEvent | undefined;
  const say = (sentences: readonly string[]) => {
    for (const sentence of sentences) {
      const text = plainText(sentence);
      if (text === '' || hasFailed) continue;
      spoken.push(slots.run(async () => (hasFailed ? failed() : await speak(text))).catch(toAppError));
    }
  };
  let next: Promise<IteratorResult<TextEvent>> | null = iterator.next();
  try {
    while (next || spoken.length > 0) {
      const written: Promise<{ step: IteratorResult<TextEvent> }> | undefined = next?.then((step) => ({
        step,
      }));
      const heard = spoken[0]?.then((audio) => ({ audio }));
      const first = await Promise.race([written, heard].filter((promise) => promise != null));
      if ('audio' in first) {
        spoken.shift();
        const { audio } = first;
        if (audio instanceof Uint8Array) yield { type: 'audio', audio, format, seq: seq++ };
        else if (!hasFailed) {
          hasFailed = true;
          spoken.length = 0;
          yield { type: 'speech-failed', error: audio };
        }
        continue;
      }
      const { step } = first;
      if (step.done) {
        next = null;
        say(cutter.rest());
        continue;
      }
      if (step.value.type === 'text') say(cutter.add(step.value.text));
      if (step.value.type === 'end') end = step.value;
      else yield step.value;
      next = iterator.next();
    }
    if (end) yield end;
  } finally {
    hasFailed = true;
    await iterator.return?.();
  }
}

/** What is put in place of a sentence that nobody waits for any more. */
const failed = (): never => {
  throw errors.unavailable('Nothing more is spoken.');
};
