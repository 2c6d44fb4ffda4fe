import type { Offer } from '../server/offer.ts';
import { Failure } from '../server/requests.ts';
import { transcribe } from '../server/transcription.ts';
import { canRecognise, type Hearing, RecognitionUnusable, recognise } from './recognition.ts';
import { record } from './recording.ts';

export interface Listener {
  readonly signal: AbortSignal;
  /** It listens; `isAnew`: what was said so far is lost, as the browser's recognition turned out not to work. */
  readonly onStart: (isAnew: boolean) => void;
  readonly onWords: (words: string) => void;
  /** Root mean square, 0..1; only where the sound itself is known. */
  readonly onLevel: (level: number) => void;
  /** The recording is over, and the server is asked what was said. */
  readonly onTranscribing: (recording: Blob) => void;
}

/**
 * Listens to one question: by the browser's recognition as long as that works, else by a recording that the server writes
 * down. `words` is empty when nobody spoke.
 *
 * @throws Failure by `words`
 */
export function listen(context: AudioContext | null, offer: Offer, listener: Listener): Hearing {
  const { signal } = listener;
  let finish = (): void => undefined;
  let hasStarted = false;

  const onServer = async (): Promise<string> => {
    if (!offer.modes.recognition.includes('server'))
      throw new Failure({
        phase: 'mic-missing',
        notice:
          'Neither this browser nor this server can turn speech into words. You can type your question.',
      });
    if (!context?.audioWorklet)
      throw new Failure({
        phase: 'mic-missing',
        notice: isSecureContext
          ? 'This browser cannot record. You can type your question.'
          : 'Browsers give the microphone to pages with HTTPS only. You can type your question.',
      });
    if (!navigator.onLine)
      throw new Failure({
        phase: 'offline',
        notice:
          'You are offline, and this browser cannot write down speech by itself. Type your question: it is asked as soon as you are back.',
      });
    const isAnew = hasStarted;
    const recording = record(context, {
      signal,
      onStart: () => listener.onStart(isAnew),
      onLevel: listener.onLevel,
    });
    finish = recording.finish;
    const sound = await recording.sound;
    if (!sound) return '';
    listener.onTranscribing(sound);
    return transcribe(sound, signal);
  };

  const inBrowser = async (): Promise<string> => {
    const hearing = recognise(navigator.language || 'en-US', {
      signal,
      onStart: () => {
        hasStarted = true;
        listener.onStart(false);
      },
      onWords: listener.onWords,
    });
    finish = hearing.finish;
    try {
      return await hearing.words;
    } catch (error) {
      if (error instanceof RecognitionUnusable) return onServer();
      throw error;
    }
  };

  return { finish: () => finish(), words: canRecognise() ? inBrowser() : onServer() };
}
