/** Zero crossings of the sinc on each side of its middle: enough for speech without audible aliasing. */
const lobes = 16;
/** Table steps between two zero crossings. */
const steps = 256;

/** One side of a sinc under a Blackman window. */
const kernel = Float64Array.from({ length: lobes * steps + 2 }, (_, index) => {
  const x = index / steps;
  if (x >= lobes) return 0;
  const window = 0.42 + 0.5 * Math.cos((Math.PI * x) / lobes) + 0.08 * Math.cos((2 * Math.PI * x) / lobes);
  return x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
});

/**
 * The same sound at another sample rate, by a windowed sinc (J. O. Smith, "Digital Audio Resampling").
 *
 * @param from samples per second of `samples`; need not be a whole number
 * @param to samples per second of the result
 */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples;
  const result = new Int16Array(Math.round((samples.length * to) / from));
  // Downwards, the filter is stretched to cut off at the lower of the two rates.
  const cutoff = Math.min(1, to / from);
  const reach = lobes / cutoff;
  for (let index = 0; index < result.length; index += 1) {
    const middle = (index * from) / to;
    const first = Math.max(0, Math.ceil(middle - reach));
    const last = Math.min(samples.length - 1, Math.floor(middle + reach));
    let sum = 0;
    for (let tap = first; tap <= last; tap += 1) {
      const at = Math.abs(tap - middle) * cutoff * steps;
      const below = Math.floor(at);
      const left = kernel[below] ?? 0;
      sum += (samples[tap] ?? 0) * (left + ((kernel[below + 1] ?? 0) - left) * (at - below));
    }
    result[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum * cutoff)));
  }
  return result;
}
