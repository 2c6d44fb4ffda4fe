/**
 * Brings sound to a lower rate, piece by piece. Each sample of the result is the mean of the time that it stands for, which
 * also keeps back what the lower rate cannot hold.
 *
 * @param from samples per second of what comes in
 * @param to samples per second of what goes out; at most `from`
 */
export function createResampler(from: number, to: number): (input: Float32Array) => Float32Array {
  if (to > from) throw new RangeError('this resampler only goes down');
  const step = from / to;
  let sum = 0;
  /** How much of the present output sample's time is in `sum`, in input samples. */
  let filled = 0;
  return (input) => {
    const output = new Float32Array(Math.ceil((input.length + filled) / step) + 1);
    let count = 0;
    for (const sample of input) {
      let rest = 1;
      while (filled + rest >= step) {
        const part = step - filled;
        output[count] = (sum + sample * part) / step;
        count += 1;
        rest -= part;
        sum = 0;
        filled = 0;
      }
      sum += sample * rest;
      filled += rest;
    }
    return output.subarray(0, count);
  };
}

/** Floating-point samples as 16-bit ones. */
export const toPcm16 = (samples: Float32Array): Int16Array<ArrayBuffer> =>
  Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767));

/** Root mean square, 0..1. */
export function levelOf(samples: Float32Array): number {
  let squares = 0;
  for (const sample of samples) squares += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(squares / samples.length);
}
