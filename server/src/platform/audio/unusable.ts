import type { SpeechFormat } from '../ai/speech-synthesizer.js';
import { type AppError, errors } from '../http/errors.js';

/** The engine's audio is not what it says it is. */
export const notA = (format: SpeechFormat): AppError =>
  errors.upstreamFailed(`The speech engine returned something that is not usable ${format} audio.`);

/** Two pieces of one text cannot be put together. */
export const mismatch = (): AppError =>
  errors.upstreamFailed(
    'The speech engine returned pieces of different sample rates or channels, which cannot be joined.',
  );
