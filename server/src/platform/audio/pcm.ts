import type { ByteSink } from './byte-sink.js';
import type { ByteSource } from './byte-source.js';
import { notA } from './unusable.js';
import { copy } from './wav.js';

/** Raw speech of the OpenAI interface: 24,000 samples a second, 16 bits, little-endian, mono. */
export const pcmSampleRate = 24_000;
const bytesPerSample = 2;

const wholeSamples = (source: ByteSource) => source.size - (source.size % bytesPerSample);

/** Writes the samples of all the sources one behind the other; half a sample at an end is left out. */
export function joinPcm(sources: Iterable<ByteSource>, sink: ByteSink): void {
  for (const source of sources) {
    if (wholeSamples(source) === 0) throw notA('pcm');
    copy(source, 0, wholeSamples(source), sink);
  }
}

export const pcmDuration = (source: ByteSource): number =>
  wholeSamples(source) / bytesPerSample / pcmSampleRate;

/**
 * Samples of 16-bit little-endian bytes, as they come over sockets. An odd byte at the end is left out: whoever reads
 * a stream carries it over to the next piece.
 */
export function samplesOf(bytes: Uint8Array): Int16Array {
  const even = bytes.length - (bytes.length % bytesPerSample);
  // Copied, because a view would need an even offset, which a part of a larger buffer need not have.
  return new Int16Array(new Uint8Array(bytes.subarray(0, even)).buffer);
}

/** The little-endian bytes of samples; shares their memory. */
export const bytesOf = (samples: Int16Array): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

/** Samples from -1 to 1 in 16 bits; louder ones are cut off. */
export function toInt16(samples: Float32Array): Int16Array {
  const result = new Int16Array(samples.length);
  for (let index = 0; index < samples.length; index += 1)
    result[index] = Math.max(-32_768, Math.min(32_767, Math.round((samples[index] ?? 0) * 32_768)));
  return result;
}
