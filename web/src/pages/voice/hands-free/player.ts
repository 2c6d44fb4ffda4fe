import { SAMPLE_RATE } from '../hearing/microphone.ts';

interface Chunk {
  readonly source: AudioBufferSourceNode;
  /** When it begins, in seconds of the context's clock. */
  readonly start: number;
  readonly samples: number;
}

/** What was really played of an item. */
export interface Played {
  readonly itemId: string;
  readonly samples: number;
}

/** Plays an answer in pieces without gaps, and knows how much of it was heard. */
export interface Player {
  readonly add: (itemId: string, samples: Int16Array) => void;
  /** Falls silent at once; what was heard of the present item, if one was playing. */
  readonly stop: () => Played | null;
  readonly isPlaying: () => boolean;
}

/** Of the clock's time, so that the first piece is not cut. */
const LEAD_S = 0.03;

/** @param onDrained everything that was added has been played */
export function createPlayer(
  context: Pick<AudioContext, 'currentTime' | 'createBuffer' | 'createBufferSource' | 'destination'>,
  onDrained: () => void,
): Player {
  let item: string | null = null;
  let chunks: Chunk[] = [];
  let next = 0;
  let isDrained = true;

  const playedSamples = (): number =>
    chunks.reduce((sum, { start, samples }) => {
      const seconds = Math.max(0, context.currentTime - start);
      return sum + Math.min(samples, Math.floor(seconds * SAMPLE_RATE));
    }, 0);

  return {
    add: (itemId, pcm) => {
      if (itemId !== item) {
        item = itemId;
        chunks = [];
      }
      if (pcm.length === 0) return;
      const buffer = context.createBuffer(1, pcm.length, SAMPLE_RATE);
      buffer.copyToChannel(
        Float32Array.from(pcm, (sample) => sample / 32_768),
        0,
      );
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      const start = Math.max(next, context.currentTime + LEAD_S);
      next = start + buffer.duration;
      isDrained = false;
      const chunk = { source, start, samples: pcm.length };
      chunks.push(chunk);
      source.onended = () => {
        if (chunks.at(-1) !== chunk) return;
        isDrained = true;
        onDrained();
      };
      source.start(start);
    },
    stop: () => {
      if (item === null || isDrained) return null;
      const played = { itemId: item, samples: playedSamples() };
      for (const { source } of chunks) {
        source.onended = null;
        source.stop();
      }
      item = null;
      chunks = [];
      next = 0;
      isDrained = true;
      return played;
    },
    isPlaying: () => !isDrained,
  };
}
