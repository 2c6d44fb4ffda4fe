/**
 * Runs in the browser's audio thread: hands out what the microphone hears as 16-bit samples at 16 kHz, 100 ms at a time.
 * The context runs at 16 kHz already where the browser can; elsewhere it is resampled here by averaging.
 */
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: unknown): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

const RATE = 16_000;
const PIECE = 1_600;

class Capture extends AudioWorkletProcessor {
  #piece = new Int16Array(PIECE);
  #filled = 0;
  #sum = 0;
  #count = 0;
  #phase = 0;
  #loudest = 0;

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    for (const sample of input?.[0] ?? []) {
      this.#sum += sample;
      this.#count += 1;
      this.#phase += RATE;
      if (this.#phase < sampleRate) continue;
      this.#phase -= sampleRate;
      this.#push(this.#sum / this.#count);
      this.#sum = 0;
      this.#count = 0;
    }
    return true;
  }

  #push(sample: number): void {
    this.#loudest = Math.max(this.#loudest, Math.abs(sample));
    this.#piece[this.#filled] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
    this.#filled += 1;
    if (this.#filled < PIECE) return;
    this.port.postMessage({ samples: this.#piece, level: this.#loudest }, [this.#piece.buffer]);
    this.#piece = new Int16Array(PIECE);
    this.#filled = 0;
    this.#loudest = 0;
  }
}

registerProcessor('capture', Capture);
