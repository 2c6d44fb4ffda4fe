import { errors } from '../../http/errors.js';
import type { Transcriber } from '../transcriber.js';

/** Speech by its times, and words where PocketSphinx is on the PATH. */
export function createBuiltinTranscriber(_options: { readonly scratchDirectory: string }): Transcriber {
  const notYet = () => errors.unavailable('The server cannot listen yet.');
  return {
    engine: 'builtin',
    hears: 'times',
    transcribe: () => Promise.reject(notYet()),
    stream: () => {
      throw notYet();
    },
    close: async () => {},
  };
}
