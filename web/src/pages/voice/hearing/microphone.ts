import { Failure } from '../server/requests.ts';
import workletUrl from './capture-worklet.ts?worker&url';

/** Samples per second of what the microphone hands over. */
export const SAMPLE_RATE = 24_000;

export interface Piece {
  readonly samples: Int16Array<ArrayBuffer>;
  /** Root mean square, 0..1. */
  readonly level: number;
}

export interface Microphone {
  readonly stream: MediaStream;
  readonly close: () => void;
}

/**
 * Opens the microphone, without the echo of what is played here.
 *
 * @throws Failure mic-denied or mic-missing
 */
export async function openMicrophone(
  context: AudioContext,
  signal: AbortSignal,
  onPiece: (piece: Piece) => void,
): Promise<Microphone> {
  const stream = await askForStream();
  const close = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    signal.throwIfAborted();
    await context.audioWorklet.addModule(workletUrl);
    signal.throwIfAborted();
    const source = context.createMediaStreamSource(stream);
    const node = new AudioWorkletNode(context, 'earshot-capture', { numberOfOutputs: 1 });
    node.port.onmessage = ({ data }: MessageEvent<Piece>) => onPiece(data);
    // Silent, but some browsers run only what leads to the loudspeaker.
    source.connect(node).connect(context.destination);
    return {
      stream,
      close: () => {
        node.port.onmessage = null;
        source.disconnect();
        node.disconnect();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function askForStream(): Promise<MediaStream> {
  // Pages without HTTPS do not have it at all.
  if (!navigator.mediaDevices)
    throw new Failure({
      phase: 'mic-missing',
      notice: isSecureContext
        ? 'This browser does not let pages use the microphone. You can type your question.'
        : 'Browsers give the microphone to pages with HTTPS only. You can type your question.',
    });
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    const isDenied =
      error instanceof DOMException && ['NotAllowedError', 'SecurityError'].includes(error.name);
    throw new Failure({ phase: isDenied ? 'mic-denied' : 'mic-missing' });
  }
}
