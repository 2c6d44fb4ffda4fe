import { createResampler, type Resampler } from '../resample.js';

/** The recording goes on for longer than the caller allows. */
export class TooLong extends Error {}

/** Gathers decoded sound of any rate and channels as mono samples of one rate. */
export interface Sound {
  /** @param channels samples from -1 to 1, each channel as long as the others */
  add(channels: readonly Float32Array[], sampleRate: number): void;
  samples(): Int16Array;
}

/**
 * @param sampleRate samples per second of the result
 * @throws TooLong from `add`, as soon as there are more than `maxSeconds`
 */
export function createSound(sampleRate: number, maxSeconds: number): Sound {
  const parts: Int16Array[] = [];
  let resampler: { readonly from: number; readonly instance: Resampler } | undefined;
  let length = 0;
  const keep = (part: Int16Array) => {
    parts.push(part);
    length += part.length;
    if (length > maxSeconds * sampleRate) throw new TooLong();
  };
  const finishRate = () => {
    if (resampler) keep(resampler.instance.end());
    resampler = undefined;
  };
  return {
    add(channels, from) {
      if (resampler && resampler.from !== from) finishRate();
      resampler ??= { from, instance: createResampler(from, sampleRate) };
      keep(resampler.instance.push(mixed(channels)));
    },
    samples() {
      finishRate();
      const whole = new Int16Array(length);
      let offset = 0;
      for (const part of parts) {
        whole.set(part, offset);
        offset += part.length;
      }
      return whole;
    },
  };
}

/** The mean of all channels, in 16 bits. */
function mixed(channels: readonly Float32Array[]): Int16Array {
  const result = new Int16Array(channels[0]?.length ?? 0);
  const scale = 32_768 / Math.max(1, channels.length);
  for (let index = 0; index < result.length; index += 1) {
    let sum = 0;
    for (const channel of channels) sum += channel[index] ?? 0;
    result[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum * scale)));
  }
  return result;
}
