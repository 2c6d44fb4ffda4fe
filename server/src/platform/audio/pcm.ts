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
