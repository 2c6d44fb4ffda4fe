import workletUrl from './capture-worklet.ts?worker&url';

export interface CaptureOptions {
  /** Samples per second of what is handed out. */
  readonly rate: number;
  /** How long a piece is. */
  readonly milliseconds: number;
}

export interface Piece {
  readonly samples: Int16Array<ArrayBuffer>;
  /** Root mean square, 0..1. */
  readonly level: number;
}

/** What a microphone is asked for: without the echo of what is played here. */
export const clearVoice = { echoCancellation: true, noiseSuppression: true, autoGainControl: true } as const;

/**
 * Hands out what a stream of sound carries, piece by piece.
 *
 * @returns how to stop; the stream's tracks are the caller's
 */
export async function capture(
  context: AudioContext,
  stream: MediaStream,
  options: CaptureOptions,
  onPiece: (piece: Piece) => void,
): Promise<() => void> {
  await context.audioWorklet.addModule(workletUrl);
  const source = context.createMediaStreamSource(stream);
  const node = new AudioWorkletNode(context, 'earshot-capture', {
    numberOfOutputs: 1,
    processorOptions: options,
  });
  node.port.onmessage = ({ data }: MessageEvent<Piece>) => onPiece(data);
  // Silent, but some browsers run only what leads to the loudspeaker.
  source.connect(node).connect(context.destination);
  return () => {
    node.port.onmessage = null;
    source.disconnect();
    node.disconnect();
  };
}
