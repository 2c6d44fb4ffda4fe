/** The part of the Web Speech API that is used here; TypeScript does not know it. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  stop(): void;
  abort(): void;
}
interface ResultEvent extends Event {
  readonly results: SpeechRecognitionResultList;
}
interface FailureEvent extends Event {
  readonly error: string;
}

const START_LIMIT_MS = 2_000;
/** Words that do not change for so long are all there will be. */
const STABLE_MS = 1_100;
const NOTHING_LIMIT_MS = 8_000;
const END_LIMIT_MS = 1_500;

let instance: Recognition | null = null;
let isUnusable = false;
let emptyInARow = 0;

function constructorOfBrowser(): (new () => Recognition) | null {
  const names = globalThis as {
    SpeechRecognition?: new () => Recognition;
    webkitSpeechRecognition?: new () => Recognition;
  };
  return names.SpeechRecognition ?? names.webkitSpeechRecognition ?? null;
}

/** Whether the browser's own recognition is worth an attempt: it is there and has not failed on this visit. */
export const canRecognise = (): boolean => !isUnusable && constructorOfBrowser() !== null;

/** The browser has recognition, but it does not work here. */
export class RecognitionUnusable extends Error {
  override readonly name = 'RecognitionUnusable';
}

export interface Hearing {
  /** The user says that this was all. */
  readonly finish: () => void;
  readonly words: Promise<string>;
}

interface Listener {
  readonly signal: AbortSignal;
  readonly onStart: () => void;
  readonly onWords: (words: string) => void;
}

/**
 * What all results say together. Some browsers repeat what was said in every further result; what begins like the words
 * before it replaces them.
 */
export function wordsOf(transcripts: readonly string[]): string {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
  let words = '';
  for (const transcript of transcripts)
    words = plain(transcript).startsWith(plain(words))
      ? transcript
      : `${words.trimEnd()} ${transcript.trim()}`;
  return words.replaceAll(/\s+/g, ' ').trim();
}

/**
 * Listens once by the browser's recognition. Presence of the interface proves nothing, so its behaviour decides
 * (contract §9.1): without a `start` in two seconds, or with any failure but silence, it counts as unusable.
 *
 * @throws RecognitionUnusable by `words`
 */
export function recognise(language: string, { signal, onStart, onWords }: Listener): Hearing {
  const Constructor = constructorOfBrowser();
  if (!Constructor)
    return { finish: () => undefined, words: Promise.reject(new RecognitionUnusable('missing')) };
  instance ??= new Constructor();
  const recognition = instance;
  recognition.lang = language;
  recognition.continuous = false;
  recognition.interimResults = true;

  let finish = (): void => undefined;
  const words = new Promise<string>((resolve, reject) => {
    const listeners = new AbortController();
    let latest = '';
    let watchdog = setTimeout(() => giveUp('no start'), START_LIMIT_MS);
    const watch = (act: () => void, ms: number): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(act, ms);
    };
    const close = (): void => {
      clearTimeout(watchdog);
      listeners.abort();
    };
    const end = (): void => {
      close();
      emptyInARow = latest === '' ? emptyInARow + 1 : 0;
      // Twice nothing at all is rather a recognition that is dead than a user who is silent.
      if (emptyInARow >= 2) isUnusable = true;
      resolve(latest);
    };
    const giveUp = (why: string): void => {
      close();
      isUnusable = true;
      instance = null;
      attempt(() => recognition.abort());
      reject(new RecognitionUnusable(why));
    };
    finish = () => {
      attempt(() => recognition.stop());
      watch(() => {
        instance = null;
        attempt(() => recognition.abort());
        end();
      }, END_LIMIT_MS);
    };
    const on = <E extends Event>(type: string, listener: (event: E) => void): void =>
      recognition.addEventListener(type, listener as EventListener, { signal: listeners.signal });

    on('start', () => {
      onStart();
      watch(finish, NOTHING_LIMIT_MS);
    });
    on<ResultEvent>('result', ({ results }) => {
      const heard = wordsOf([...results].map((result) => result[0]?.transcript ?? ''));
      if (heard === '' || heard === latest) return;
      latest = heard;
      onWords(heard);
      watch(finish, STABLE_MS);
    });
    on<FailureEvent>('error', ({ error }) => {
      if (error === 'no-speech' || error === 'aborted') return;
      if (latest === '') giveUp(error);
    });
    on('end', end);
    signal.addEventListener(
      'abort',
      () => {
        close();
        attempt(() => recognition.abort());
        reject(signal.reason);
      },
      { once: true, signal: listeners.signal },
    );
    try {
      recognition.start();
    } catch {
      giveUp('start');
    }
  });
  return { finish: () => finish(), words };
}

/** Stopping what does not run throws in some browsers, and means nothing. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // It did not run.
  }
}
