/** Runs beside the page, on the audio thread: the microphone's sound at 24 kHz, 40 ms at a time. */
import { createResampler, levelOf, toPcm16 } from './resampler.ts';

/** The part of the audio worklet's global scope that is used here; TypeScript does not have it. */
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const PIECE = 960;

class Capture extends AudioWorkletProcessor {
  readonly #resample = createResampler(sampleRate, Math.min(sampleRate, 24_000));
  readonly #piece = new Float32Array(PIECE);
  #filled = 0;

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    const channel = input?.[0];
    if (!channel) return true;
    for (const sample of this.#resample(channel)) {
      this.#piece[this.#filled] = sample;
      this.#filled += 1;
      if (this.#filled < PIECE) continue;
      const samples = toPcm16(this.#piece);
      this.port.postMessage({ samples, level: levelOf(this.#piece) }, [samples.buffer]);
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor('earshot-capture', Capture);
