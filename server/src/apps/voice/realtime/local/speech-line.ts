import type { SpeechSynthesizer } from '../../../../platform/ai/speech-synthesizer.js';
import { splitText } from '../../../../platform/ai/split-text.js';
import { samplesOf } from '../../../../platform/audio/pcm.js';

export interface SpeechLineOptions {
  readonly synthesizer: SpeechSynthesizer;
  readonly model: string;
  readonly voice: string;
  readonly speed: number;
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal;
  /** Given the sound of each sentence (24 kHz mono), in the order they were said. */
  readonly tell: (sentence: string, samples: Int16Array) => Promise<void>;
}

export interface SpeechLine {
  say(sentence: string): void;
  /** Settles when all that was said has been told; rejects with the first failure. */
  finished(): Promise<void>;
}

/** Sentences that are spoken ahead of the one being told. */
const AHEAD = 2;

/** Speaks sentences one after the other, a few of them ahead. */
export function createSpeechLine(options: SpeechLineOptions): SpeechLine {
  const { synthesizer, model, voice, speed, apiKey, signal, tell } = options;
  let told: Promise<void> = Promise.resolve();
  const waiting: Promise<void>[] = [];
  const call = { signal, ...(apiKey === undefined ? {} : { apiKey }) };
  const speak = async (sentence: string, turn: Promise<void> | undefined): Promise<Int16Array> => {
    await turn;
    const pieces: Uint8Array[] = [];
    for (const text of splitText(sentence.trim(), synthesizer.charactersPerCall)) {
      signal.throwIfAborted();
      pieces.push(await synthesizer.synthesize({ text, voice, model, format: 'pcm', speed }, call));
    }
    return samplesOf(Buffer.concat(pieces));
  };
  return {
    say: (sentence) => {
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
    finished: () => told,
  };
}
