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

/** Changes the sample rate of sound that comes piece by piece. */
export interface Resampler {
  /** What can be computed now; a few milliseconds stay behind until more comes. */
  push(samples: Int16Array): Int16Array;
  /** The rest. */
  end(): Int16Array;
}

/**
 * The same filter as `resample`, for whole-numbered rates, piece by piece and with its weights computed once: the
 * weights repeat after `to / gcd(from, to)` samples.
 */
export function createResampler(from: number, to: number): Resampler {
  if (from === to) return { push: (samples) => samples.slice(), end: () => new Int16Array(0) };
  const divisor = greatestCommonDivisor(from, to);
  const up = to / divisor;
  const down = from / divisor;
  const cutoff = Math.min(1, to / from);
  const reach = Math.ceil(lobes / cutoff);
  const phases: (Float64Array | undefined)[] = [];
  const weightsOf = (phase: number): Float64Array => {
    const weights = new Float64Array(2 * reach);
    for (let tap = 0; tap < weights.length; tap += 1) {
      const at = Math.abs(tap - reach + 1 - phase / up) * cutoff * steps;
      const below = Math.floor(at);
      const left = kernel[below] ?? 0;
      weights[tap] = (left + ((kernel[below + 1] ?? 0) - left) * (at - below)) * cutoff;
    }
    phases[phase] = weights;
    return weights;
  };

  /** Input from `start` on, beginning with the silence before the sound. */
  let waiting = new Int16Array(reach);
  let start = -reach;
  let taken = 0;
  let made = 0;
  const compute = (limit: number): Int16Array => {
    const available = start + waiting.length;
    const reachable = Math.max(made, Math.ceil(((available - reach) * up) / down));
    const result = new Int16Array(Math.min(limit, reachable) - made);
    for (let index = 0; index < result.length; index += 1) {
      const position = (made + index) * down;
      const weights = phases[position % up] ?? weightsOf(position % up);
      const first = Math.floor(position / up) - reach + 1 - start;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap += 1)
        sum += (waiting[first + tap] ?? 0) * (weights[tap] ?? 0);
      result[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    }
    made += result.length;
    const needed = Math.floor((made * down) / up) - reach + 1 - start;
    if (needed > 0) {
      waiting = waiting.slice(needed);
      start += needed;
    }
    return result;
  };
  const append = (samples: Int16Array) => {
    const joined = new Int16Array(waiting.length + samples.length);
    joined.set(waiting);
    joined.set(samples, waiting.length);
    waiting = joined;
  };
  return {
    push(samples) {
      taken += samples.length;
      append(samples);
      return compute(Number.POSITIVE_INFINITY);
    },
    end() {
      append(new Int16Array(2 * reach));
      return compute(Math.round((taken * to) / from));
    },
  };
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
