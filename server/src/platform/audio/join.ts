import { copyFile } from 'node:fs/promises';
import type { SpeechFormat } from '../ai/speech-synthesizer.js';
import { onAudioThread } from './threads.js';

/**
 * Makes one valid file of pieces of the same format, in order: headers tell the whole duration, and players can seek.
 * A single piece is copied byte for byte. The sound is copied, never coded anew; memory does not grow with the files.
 *
 * @param inputs paths of complete files
 * @param output path of the file to write; it is removed again on failure
 * @throws AppError (upstreamFailed) when a piece is not such audio or the pieces do not fit together
 */
export async function joinAudioFiles(
  format: SpeechFormat,
  inputs: readonly string[],
  output: string,
): Promise<void> {
  const [only] = inputs;
  if (only === undefined) throw new RangeError('There is nothing to join.');
  if (inputs.length === 1) await copyFile(only, output);
  else await onAudioThread({ kind: 'join', format, inputs, output });
}
