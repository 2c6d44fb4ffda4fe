import { decodeAudio } from '../../audio/decoding/decode.js';
import { resample } from '../../audio/resample.js';
import { errors } from '../../http/errors.js';
import type { PcmAudio, Transcriber } from '../transcriber.js';
import { type HearUtterance, streamByUtterances, transcribeByUtterances } from '../utterances.js';
import { createPocketSphinx, findPocketSphinx, pocketSphinxSampleRate } from './pocketsphinx.js';

/** Recognising an hour takes a quarter of an hour of a core. */
const maxSeconds = 3_600;

export interface BuiltinTranscriberOptions {
  /** For the utterance that is being heard. */
  readonly scratchDirectory: string;
  /** `none`: times only, even where PocketSphinx is there. */
  readonly wordsBy?: 'pocketsphinx' | 'none';
}

/**
 * Listens offline: speech by its energy, English words by PocketSphinx when that is on the PATH, else a note of how long
 * somebody spoke. `language`, `prompt`, `model` and `apiKey` have no meaning here.
 */
export function createBuiltinTranscriber({
  scratchDirectory,
  wordsBy = 'pocketsphinx',
}: BuiltinTranscriberOptions): Transcriber {
  const program = wordsBy === 'pocketsphinx' ? findPocketSphinx() : undefined;
  const pocketSphinx = program ? createPocketSphinx(program, scratchDirectory) : undefined;
  const hearWords: HearUtterance = async (audio, signal) => {
    const words = (await pocketSphinx?.hear(asHeard(audio), signal)) ?? [];
    return { text: sentence(words.map(({ text }) => text)), words, language: 'en' };
  };
  const hear = pocketSphinx ? hearWords : hearTimes;
  let isClosed = false;
  const refuseWhenClosed = () => {
    if (isClosed) throw errors.unavailable('The server is shutting down.');
  };
  return {
    engine: 'builtin',
    hears: pocketSphinx ? 'words' : 'times',
    async transcribe(audio, { signal } = {}) {
      refuseWhenClosed();
      const pcm =
        audio instanceof Uint8Array
          ? await decodeAudio(audio, { sampleRate: pocketSphinxSampleRate, maxSeconds, signal })
          : audio;
      return await transcribeByUtterances(pcm, hear, signal);
    },
    stream(options) {
      refuseWhenClosed();
      return streamByUtterances(options, hear);
    },
    async close() {
      isClosed = true;
      await pocketSphinx?.close();
    },
  };
}

const hearTimes: HearUtterance = async ({ samples, sampleRate }) => ({
  text: `[speech ${(samples.length / sampleRate).toFixed(1)} s]`,
});

const asHeard = ({ samples, sampleRate }: PcmAudio): Int16Array =>
  resample(samples, sampleRate, pocketSphinxSampleRate);

/** The dictionary is in small letters. */
function sentence(words: readonly string[]): string {
  const text = words.map((word) => word.replace(/^i(?=$|')/, 'I')).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
