import { capture, clearVoice, type Piece } from '../../../sound/capture.ts';
import { Failure } from '../server/requests.ts';

/** Samples per second of what the microphone hands over. */
export const SAMPLE_RATE = 24_000;

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
    const stop = await capture(context, stream, { rate: SAMPLE_RATE, milliseconds: 40 }, onPiece);
    if (signal.aborted) stop();
    signal.throwIfAborted();
    return {
      stream,
      close: () => {
        stop();
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
    return await navigator.mediaDevices.getUserMedia({ audio: clearVoice });
  } catch (error) {
    const isDenied =
      error instanceof DOMException && ['NotAllowedError', 'SecurityError'].includes(error.name);
    throw new Failure({ phase: isDenied ? 'mic-denied' : 'mic-missing' });
  }
}
