import { bytesSource } from '../../../platform/audio/byte-source.js';
import { wavDuration, wavSamples } from '../../../platform/audio/wav.js';
import { errors } from '../../../platform/http/errors.js';

/** Contract §5.7. */
const RATE_HZ = 16_000;
const SECONDS = { min: 5, max: 120 };
/** Two minutes of 16-bit samples, and room for a header. */
export const MAX_SAMPLE_BYTES = SECONDS.max * RATE_HZ * 2 + 100_000;

/** @throws AppError 400 for anything but a WAV file of 5 to 120 seconds at 16 kHz */
export function checkVoiceSample(file: Uint8Array): void {
  const { sampleRate, seconds, isMono16 } = measure(file);
  if (!isMono16) throw notWav();
  if (sampleRate !== RATE_HZ) throw errors.badRequest('The recording must have a sample rate of 16,000 Hz.');
  if (seconds < SECONDS.min || seconds > SECONDS.max) {
    throw errors.badRequest(`The recording must last ${SECONDS.min} to ${SECONDS.max} seconds.`);
  }
}

const notWav = (cause?: unknown) =>
  errors.badRequest('The recording must be a WAV file of 16-bit mono samples.', { cause });

function measure(file: Uint8Array): { sampleRate: number; seconds: number; isMono16: boolean } {
  try {
    const { samples, sampleRate } = wavSamples(file);
    const seconds = wavDuration(bytesSource(file));
    return { sampleRate, seconds, isMono16: Math.abs(samples.length / sampleRate - seconds) < 0.001 };
  } catch (cause) {
    throw notWav(cause);
  }
}
