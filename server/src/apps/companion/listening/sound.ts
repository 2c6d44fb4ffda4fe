import { createOpusPacketDecoder } from '../../../platform/audio/opus-stream.js';
import { samplesOf } from '../../../platform/audio/pcm.js';
import { createResampler } from '../../../platform/audio/resample.js';

/** All live sound is heard at this rate, whatever it comes in. */
export const soundRate = 16_000;
/** Silence that is put where a device stops sending, so that what was said last is over. */
export const pauseSamples = soundRate * 0.8;

/** How audio messages are to be read (contract §4.2). */
export interface Coding {
  readonly codec: 'opus' | 'opus_fs320' | 'pcm16' | 'pcm8';
  /** Samples per second of PCM; Opus says it itself. */
  readonly sampleRate: number;
}

export const codecs: readonly Coding['codec'][] = ['opus', 'opus_fs320', 'pcm16', 'pcm8'];

/** Turns one message after the other into samples at {@link soundRate}. */
export interface MessageDecoder {
  /** No samples for what cannot be decoded: it is skipped. */
  decode(message: Uint8Array): Int16Array;
  free(): void;
}

const nothing = new Int16Array(0);

export async function createMessageDecoder({ codec, sampleRate }: Coding): Promise<MessageDecoder> {
  if (codec === 'opus' || codec === 'opus_fs320') {
    const packetMilliseconds = codec === 'opus' ? 10 : 20;
    const decoder = await createOpusPacketDecoder({ sampleRate: soundRate, packetMilliseconds });
    return { decode: (packet) => decoder.decode(packet) ?? nothing, free: decoder.free };
  }
  const resampler = createResampler(sampleRate, soundRate);
  /** Half a sample of the message before. */
  let carried: number | undefined;
  return {
    decode(message) {
      const bytes = carried === undefined ? message : Buffer.concat([Uint8Array.of(carried), message]);
      carried = bytes.length % 2 === 1 ? bytes.at(-1) : undefined;
      return resampler.push(samplesOf(bytes));
    },
    free: () => {},
  };
}

/** `[seconds in the sound, epoch ms]`, ascending: when which part of it was heard. */
export type SoundClock = readonly (readonly [number, number])[];

/** When the sound at a place (seconds) was heard, epoch milliseconds. */
export function instantOf(clock: SoundClock, seconds: number): number {
  const anchor = clock.findLast(([at]) => at <= seconds) ?? clock[0] ?? [0, 0];
  return anchor[1] + (seconds - anchor[0]) * 1_000;
}
