import { deferred } from '../talk/deferred.ts';
import { openMicrophone, SAMPLE_RATE } from './microphone.ts';
import { createPauseDetector } from './pause.ts';
import type { Hearing } from './recognition.ts';

/** What the server reads without a decoder of somebody else's; the smaller one first. */
const SMALL_TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus'];

interface Listener {
  readonly signal: AbortSignal;
  readonly onStart: () => void;
  readonly onLevel: (level: number) => void;
}

/** Records one utterance, until its speaker pauses or says that it is over; null when nobody spoke. */
export function record(
  context: AudioContext,
  { signal, onStart, onLevel }: Listener,
): Omit<Hearing, 'words'> & { readonly sound: Promise<Blob | null> } {
  const over = deferred<'all' | 'nothing'>();
  // Nobody may be waiting for it yet when the user leaves.
  over.promise.catch(() => undefined);
  signal.addEventListener('abort', () => over.reject(signal.reason), { once: true });

  const run = async (): Promise<Blob | null> => {
    const pieces: Int16Array<ArrayBuffer>[] = [];
    const hear = createPauseDetector();
    const microphone = await openMicrophone(context, signal, ({ samples, level }) => {
      pieces.push(samples);
      onLevel(level);
      const heard = hear(level, (samples.length / SAMPLE_RATE) * 1_000);
      if (heard === 'over') over.resolve('all');
      if (heard === 'nothing') over.resolve('nothing');
    });
    const recorder = startRecorder(microphone.stream);
    try {
      onStart();
      if ((await over.promise) === 'nothing') return null;
      const small = await recorder?.stop();
      return small && small.size > 0 ? small : wavOf(pieces, SAMPLE_RATE);
    } finally {
      microphone.close();
    }
  };
  return { finish: () => over.resolve('all'), sound: run() };
}

/** Where the browser writes Opus, the recording is a tenth as large; iPhones before iOS 18.4 do not. */
function startRecorder(stream: MediaStream): { readonly stop: () => Promise<Blob | null> } | null {
  if (typeof MediaRecorder === 'undefined' || !MediaRecorder.isTypeSupported) return null;
  const type = SMALL_TYPES.find((name) => MediaRecorder.isTypeSupported(name));
  if (!type) return null;
  try {
    const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32_000 });
    const parts: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    recorder.start();
    return {
      stop: () =>
        new Promise((resolve) => {
          // A recorder that does not end is not waited for: the samples are there as well.
          const watchdog = setTimeout(() => resolve(null), 1_000);
          recorder.addEventListener('stop', () => {
            clearTimeout(watchdog);
            resolve(new Blob(parts, { type }));
          });
          recorder.stop();
        }),
    };
  } catch {
    return null;
  }
}

/** Samples as a WAV file. */
export function wavOf(pieces: readonly Int16Array<ArrayBuffer>[], sampleRate: number): Blob {
  const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const header = new DataView(new ArrayBuffer(44));
  const write = (offset: number, text: string): void => {
    for (const [index, letter] of [...text].entries()) header.setUint8(offset + index, letter.charCodeAt(0));
  };
  write(0, 'RIFF');
  header.setUint32(4, 36 + bytes, true);
  write(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, sampleRate, true);
  header.setUint32(28, sampleRate * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  write(36, 'data');
  header.setUint32(40, bytes, true);
  return new Blob([header, ...pieces], { type: 'audio/wav' });
}
