/** Runs beside the page, on the audio thread: what comes in as 16-bit samples, piece by piece. */
import type { CaptureOptions, Piece } from './capture.ts';
import { createResampler, levelOf, toPcm16 } from './resampler.ts';

/** The part of the audio worklet's global scope that is used here; TypeScript does not have it. */
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { readonly processorOptions: CaptureOptions }) => AudioWorkletProcessor,
): void;

class Capture extends AudioWorkletProcessor {
  readonly #resample: (input: Float32Array) => Float32Array;
  readonly #piece: Float32Array;
  #filled = 0;

  constructor({ processorOptions: { rate, milliseconds } }: { readonly processorOptions: CaptureOptions }) {
    super();
    this.#resample = createResampler(sampleRate, Math.min(sampleRate, rate));
    this.#piece = new Float32Array((rate * milliseconds) / 1_000);
  }

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    const channel = input?.[0];
    if (!channel) return true;
    for (const sample of this.#resample(channel)) {
      this.#piece[this.#filled] = sample;
      this.#filled += 1;
      if (this.#filled < this.#piece.length) continue;
      const piece: Piece = { samples: toPcm16(this.#piece), level: levelOf(this.#piece) };
      this.port.postMessage(piece, [piece.samples.buffer]);
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor('earshot-capture', Capture);
