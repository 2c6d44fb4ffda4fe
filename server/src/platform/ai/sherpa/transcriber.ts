import { decodeAudio } from '../../audio/decoding/decode.js';
import { errors } from '../../http/errors.js';
import type { Transcriber } from '../transcriber.js';
import { type HearUtterance, streamByUtterances, transcribeByUtterances } from '../utterances.js';
import { installedModels } from './models.js';
import { createRecogniser, type Recogniser } from './recogniser.js';

const sampleRate = 16_000;
const maxSeconds = 4 * 3_600;

export interface SherpaOptions {
  readonly modelsDirectory: string;
  /** The name of an installed model; undefined = the first of the catalogue that is installed. */
  readonly model?: string;
}

/**
 * Words by a neural model on this machine (https://github.com/k2-fsa/sherpa-onnx), in a process. Nothing is downloaded:
 * without an installed model every call says how to get one.
 */
export function createSherpaTranscriber({ modelsDirectory, model }: SherpaOptions): Transcriber {
  let recogniser: Recogniser | undefined;
  let isClosed = false;
  /** Looked up anew until there is one, so that a model installed meanwhile is found. */
  const listening = (): Recogniser => {
    if (isClosed) throw errors.unavailable('The server is shutting down.');
    if (recogniser) return recogniser;
    const installed = installedModels(modelsDirectory);
    const chosen =
      model === undefined ? installed[0] : installed.find(({ model: { name } }) => name === model);
    if (!chosen) throw noModel(model);
    recogniser = createRecogniser(chosen);
    return recogniser;
  };
  const hear: HearUtterance = async (audio, signal) => {
    const hearing = listening().open(audio.sampleRate, () => {});
    signal.addEventListener('abort', hearing.cancel, { once: true });
    try {
      hearing.write(audio.samples);
      return await Promise.race([hearing.finish(), aborted(signal)]);
    } finally {
      signal.removeEventListener('abort', hearing.cancel);
    }
  };
  return {
    engine: 'sherpa',
    hears: 'words',
    async transcribe(audio, { signal } = {}) {
      listening();
      const pcm =
        audio instanceof Uint8Array ? await decodeAudio(audio, { sampleRate, maxSeconds, signal }) : audio;
      return await transcribeByUtterances(pcm, hear, signal);
    },
    stream(options) {
      const open = listening();
      return streamByUtterances(options, hear, (onPartial) => open.open(options.sampleRate, onPartial));
    },
    async close() {
      isClosed = true;
      await recogniser?.close();
    },
  };
}

const noModel = (name: string | undefined) =>
  errors.unavailable(
    name === undefined
      ? 'No speech model is installed. Run `earshot models list` and `earshot models install NAME` on the server.'
      : `The speech model ${name} is not installed. Run \`earshot models install ${name}\` on the server.`,
  );

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
