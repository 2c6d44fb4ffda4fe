import type { Transcript } from '../../../platform/ai/transcriber.js';
import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import { createSlots } from '../../../platform/slots.js';
import type { AudioThread } from './audio-thread.js';
import { type Coding, soundRate } from './sound.js';

/** Recordings that are worked on at the same time on one node, and that may wait. */
const atOnce = 4;
const mostWaiting = 64;
/** An hour of 10 ms packets. */
const mostPackets = 360_000;

export interface Recording {
  /** `.bin` holds Opus packets behind their lengths (contract §7.2); every other name, a file of any container. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Finds the words of whole recordings. */
export interface Recordings {
  /**
   * @throws AppError 400 when it cannot be decoded, 413 when it is too long, 503 when too many wait, and what the engine says
   */
  transcribe(
    recording: Recording,
    options?: { readonly language?: string | null; readonly signal?: AbortSignal },
  ): Promise<Transcript>;
}

export function createRecordings({ transcriber }: Platform, thread: Pick<AudioThread, 'decode'>): Recordings {
  const slots = createSlots(atOnce);
  return {
    transcribe: async ({ name, bytes }, { language = null, signal } = {}) => {
      if (slots.waiting >= mostWaiting)
        throw errors.unavailable('Too many recordings are waiting for their words.', {
          retryAfterSeconds: 10,
        });
      return slots.run(async () => {
        const options = { ...(language ? { language } : {}), ...(signal ? { signal } : {}) };
        if (!/\.bin$/i.test(name)) return transcriber.transcribe(bytes, options);
        const samples = await thread.decode(codingOf(name), packetsIn(bytes));
        if (samples.length === 0) return { text: '', segments: [], duration: 0 };
        return transcriber.transcribe({ samples, sampleRate: soundRate }, options);
      }, signal);
    },
  };
}

/** `…_fs320_…` in the name says that packets last 20 ms; without it they last 10. */
const codingOf = (name: string): Coding => ({
  codec: /_fs320(_|\.|$)/i.test(name) ? 'opus_fs320' : 'opus',
  sampleRate: soundRate,
});

/** The packets of a file of `[u32 LE length][packet]`, up to where it breaks off. */
function packetsIn(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const packets: Uint8Array[] = [];
  for (let position = 0; position + 4 <= bytes.length; ) {
    const length = view.getUint32(position, true);
    const end = position + 4 + length;
    if (end > bytes.length) break;
    if (length > 0) packets.push(bytes.slice(position + 4, end));
    if (packets.length > mostPackets) throw errors.tooLarge('The recording is longer than an hour.');
    position = end;
  }
  return packets;
}
