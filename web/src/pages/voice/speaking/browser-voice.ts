const VOICES_LIMIT_MS = 2_000;
const BEGIN_LIMIT_MS = 1_500;
const MS_PER_CHARACTER = 90;

let isUnusable = false;
let voices: readonly SpeechSynthesisVoice[] | null = null;
/** Held on to: browsers forget utterances that nobody holds, and then never tell of their end. */
const held = new Set<SpeechSynthesisUtterance>();

/** Whether the browser's own speech is worth an attempt: it is there and has not failed on this visit. */
export const canSpeakHere = (): boolean => !isUnusable && typeof speechSynthesis !== 'undefined';

/** The browser has speech, but it says nothing. */
export class SpeechUnusable extends Error {
  override readonly name = 'SpeechUnusable';
}

/** The list may come late and without an event. */
async function voicesOfBrowser(): Promise<readonly SpeechSynthesisVoice[]> {
  if (voices) return voices;
  const until = performance.now() + VOICES_LIMIT_MS;
  while (speechSynthesis.getVoices().length === 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 100));
  voices = speechSynthesis.getVoices();
  return voices;
}

/**
 * Speaks a sentence by the browser. A failure raises nothing there, so it is watched (contract §9.2).
 *
 * @throws SpeechUnusable
 */
export async function speakHere(text: string, signal: AbortSignal): Promise<void> {
  const known = await voicesOfBrowser();
  signal.throwIfAborted();
  if (speechSynthesis.speaking || speechSynthesis.pending) {
    speechSynthesis.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
    signal.throwIfAborted();
  }
  const language = navigator.language || 'en-US';
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language;
  const voice = known.find(({ lang, localService }) => lang.replace('_', '-') === language && localService);
  if (voice) utterance.voice = voice;
  held.add(utterance);
  try {
    await new Promise<void>((resolve, reject) => {
      let hasBegun = false;
      const giveUp = (why: string): void => {
        isUnusable = true;
        reject(new SpeechUnusable(why));
      };
      const begin = setTimeout(() => {
        if (!hasBegun && !speechSynthesis.speaking) giveUp('silent');
      }, BEGIN_LIMIT_MS);
      const end = setTimeout(
        () => (hasBegun ? resolve() : giveUp('never began')),
        text.length * MS_PER_CHARACTER + 3_000,
      );
      const close = (): void => {
        clearTimeout(begin);
        clearTimeout(end);
      };
      utterance.onstart = () => {
        hasBegun = true;
      };
      utterance.onend = () => {
        close();
        if (hasBegun) resolve();
        else giveUp('ended before it began');
      };
      utterance.onerror = ({ error }) => {
        close();
        if (signal.aborted) reject(signal.reason);
        else giveUp(error);
      };
      signal.addEventListener(
        'abort',
        () => {
          close();
          reject(signal.reason);
        },
        { once: true },
      );
      speechSynthesis.speak(utterance);
    });
  } finally {
    held.delete(utterance);
    if (signal.aborted || isUnusable) speechSynthesis.cancel();
  }
}
