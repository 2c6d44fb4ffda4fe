import workletUrl from './capture-worklet.ts?worker&url';

export interface Microphone {
  stop(): void;
}

/** Why the microphone cannot be used, in words. */
export class NoMicrophone extends Error {
  override readonly name = 'NoMicrophone';
}

/**
 * Listens by the microphone.
 *
 * @param hear gets 16-bit samples at 16 kHz, 100 ms at a time, and how loud they are (0 to 1)
 * @throws NoMicrophone
 */
export async function openMicrophone(
  hear: (samples: Int16Array, level: number) => void,
): Promise<Microphone> {
  if (!navigator.mediaDevices?.getUserMedia)
    throw new NoMicrophone(
      'Browsers give the microphone to secure pages only: open this page by https, or on the server’s own machine by http://localhost.',
    );
  const stream = await navigator.mediaDevices
    .getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } })
    .catch((error: unknown) => {
      throw new NoMicrophone(reasonOf(error));
    });
  const context = new AudioContext({ sampleRate: 16_000 });
  try {
    await context.audioWorklet.addModule(workletUrl);
    await context.resume();
    const capture = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0, channelCount: 1 });
    capture.port.onmessage = ({ data }: MessageEvent<{ samples: Int16Array; level: number }>) =>
      hear(data.samples, data.level);
    context.createMediaStreamSource(stream).connect(capture);
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
