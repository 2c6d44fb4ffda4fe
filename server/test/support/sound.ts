/** Samples of a sine. */
export function sine(hertz: number, seconds: number, sampleRate: number, amplitude = 8_000): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * sampleRate) }, (_, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * index) / sampleRate)),
  );
}

/** Something that a voice-activity detector takes for speech: a hum that swells and falls four times a second. */
export function babble(seconds: number, sampleRate: number, amplitude = 8_000): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * sampleRate) }, (_, index) => {
    const time = index / sampleRate;
    const swell = 0.55 - 0.45 * Math.cos(2 * Math.PI * 4 * time);
    return Math.round(amplitude * swell * Math.sin(2 * Math.PI * 220 * time));
  });
}

/** A room's hiss; the same every time. */
export function hiss(seconds: number, sampleRate: number, amplitude: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: Math.round(seconds * sampleRate) }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.round(amplitude * (state / 2 ** 30 - 1));
  });
}

export function joined(...parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Half a second of sound around its middle: how often it swings per second. */
export function pitchOf(samples: Int16Array, sampleRate: number): number {
  const middle = samples.length / 2;
  const part = samples.subarray(Math.round(middle - sampleRate / 4), Math.round(middle + sampleRate / 4));
  let crossings = 0;
  for (let index = 1; index < part.length; index += 1)
    if ((part[index - 1] ?? 0) < 0 && (part[index] ?? 0) >= 0) crossings += 1;
  return crossings / (part.length / sampleRate);
}

/** Root mean square of the samples. */
export const loudness = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
