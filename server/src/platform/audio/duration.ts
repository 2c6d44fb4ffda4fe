import type { SpeechFormat } from '../ai/speech-synthesizer.js';
import { bytesSource } from './byte-source.js';
import { containers } from './formats.js';
import { onAudioThread } from './threads.js';

/**
 * How long the audio plays, in seconds.
 *
 * @param audio path of a file (measured in a worker thread), or its bytes (measured here)
 * @throws AppError (upstreamFailed) when it is not audio of that format
 */
export async function audioDuration(audio: string | Uint8Array, format: SpeechFormat): Promise<number> {
  return typeof audio === 'string'
    ? await onAudioThread({ kind: 'duration', format, input: audio })
    : containers[format].duration(bytesSource(audio));
}
