import { opusPackets, silence } from './companion-listener.js';
import { joined } from './sound.js';

const rate = 16_000;
const lowestHertz = 300;

export const humSeconds = 0.5;

/** Utterances that a listener tells from each other by their pitch, so that each is known again as a word. */
export interface Hums {
  /** Utterance by number: 20 ms packets of Opus, with the silence that ends it. */
  readonly packets: readonly (readonly Uint8Array[])[];
  /** For how long there is which pitch, one word for each stretch of sound: `7x50` is half a second of utterance 7. */
  wordsIn(wav: Uint8Array): string;
}

export function hums({ pitches, stepHertz }: { readonly pitches: number; readonly stepHertz: number }): Hums {
  const hertzOf = (number: number) => lowestHertz + stepHertz * number;
  const wordOf = (sound: Int16Array): string => {
    const beginning = sound.subarray(0, rate / 4);
    const strengths = Array.from({ length: pitches }, (_, number) => strengthOf(hertzOf(number), beginning));
    return `${strengths.indexOf(Math.max(...strengths))}x${Math.round((100 * sound.length) / rate)}`;
  };
  return {
    packets: Array.from({ length: pitches }, (_, number) =>
      opusPackets(joined(silence(0.1), hum(hertzOf(number)), silence(0.8)), 20),
    ),
    wordsIn: (wav) => {
      const samples = new Int16Array(wav.slice(44).buffer);
      const stretches: { from: number; to: number }[] = [];
      for (const [index, sample] of samples.entries()) {
        if (Math.abs(sample) <= 1_000) continue;
        const last = stretches.at(-1);
        if (last && index - last.to < rate * 0.3) last.to = index;
        else stretches.push({ from: index, to: index });
      }
      return stretches.map(({ from, to }) => wordOf(samples.subarray(from, to))).join(' ');
    },
  };
}

/** Seconds of sound that were heard of each utterance. */
export function secondsHeard(words: readonly string[]): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const word of words) {
    const [number = '', hundredths] = word.split('x');
    seconds.set(number, (seconds.get(number) ?? 0) + Number(hundredths) / 100);
  }
  return seconds;
}

/** It swells and falls four times a second, which a voice-activity detector takes for speech. */
const hum = (hertz: number): Int16Array =>
  Int16Array.from({ length: rate * humSeconds }, (_, index) => {
    const time = index / rate;
    const swell = 0.6 - 0.4 * Math.cos(2 * Math.PI * 4 * time);
    return Math.round(9_000 * swell * Math.sin(2 * Math.PI * hertz * time));
  });

function strengthOf(hertz: number, sound: Int16Array): number {
  let [real, imaginary] = [0, 0];
  for (const [index, sample] of sound.entries()) {
    const angle = (2 * Math.PI * hertz * index) / rate;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  }
  return real ** 2 + imaginary ** 2;
}
