import { capture, clearVoice } from '../../../sound/capture.ts';

/** What the server's recognisers take. */
const SAMPLE_RATE = 16_000;

export interface Microphone {
  stop(): void;
}

/** Why the microphone cannot be used, in words. */
class NoMicrophone extends Error {
  override readonly name = 'NoMicrophone';
}

/**
 * Listens by the microphone.
 *
 * @param hear gets 16-bit samples at 16 kHz, 100 ms at a time, and how loud they are (root mean square, 0 to 1)
 * @throws NoMicrophone
 */
export async function openMicrophone(
  hear: (samples: Int16Array, level: number) => void,
): Promise<Microphone> {
  if (!navigator.mediaDevices?.getUserMedia)
    throw new NoMicrophone(
      'Browsers give the microphone to secure pages only: open this page by https, or on the server’s own machine by http://localhost.',
    );
  const stream = await navigator.mediaDevices.getUserMedia({ audio: clearVoice }).catch((error: unknown) => {
    throw new NoMicrophone(reasonOf(error));
  });
  const context = new AudioContext({ sampleRate: SAMPLE_RATE });
  try {
    await context.resume();
    await capture(context, stream, { rate: SAMPLE_RATE, milliseconds: 100 }, ({ samples, level }) =>
      hear(samples, level),
    );
  } catch (error) {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
    throw error;
  }
  return {
    stop: () => {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
    },
  };
}

function reasonOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError')
    return 'The microphone is not allowed. Allow it for this page in the browser’s settings, then try again.';
  if (name === 'NotFoundError') return 'No microphone was found. Connect one, then try again.';
  return 'The microphone cannot be used right now. Another program may hold it.';
}
