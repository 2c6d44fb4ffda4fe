import { askJson } from '../server/requests.ts';
import { canSpeakHere, SpeechUnusable, speakHere } from './browser-voice.ts';
import { createSentenceCutter, plainWords } from './sentences.ts';
import { play } from './sound.ts';

/** Speaks an answer while it is still being written. */
export interface Speaker {
  readonly add: (text: string) => void;
  /** No more is to come. Resolves when all is spoken. @throws what kept it from being spoken */
  readonly finish: () => Promise<void>;
  /** What was spoken so far, the sentence at which it stands included. */
  readonly heard: () => string;
}

export interface VoiceChoice {
  /** Of the server; null: the browser's own, where that works. */
  readonly serverVoice: string | null;
  /** Whether the server can speak when the browser does not. */
  readonly canServer: boolean;
}

const USUAL_VOICE = 'alloy';

export function createSpeaker({ serverVoice, canServer }: VoiceChoice, signal: AbortSignal): Speaker {
  const cutter = createSentenceCutter();
  const heard: string[] = [];
  let line: Promise<void> = Promise.resolve();

  const fetchSound = async (text: string): Promise<ArrayBuffer> => {
    const voice = serverVoice ?? USUAL_VOICE;
    const response = await askJson('/api/speak', { text, voice, format: 'mp3' }, signal);
    return response.arrayBuffer();
  };
  const isHere = (): boolean => serverVoice === null && canSpeakHere();

  const sayOne = async (sentence: string, early: Promise<ArrayBuffer> | null): Promise<void> => {
    const text = plainWords(sentence);
    if (text === '') return;
    if (isHere()) {
      try {
        heard.push(sentence);
        return await speakHere(text, signal);
      } catch (error) {
        if (!(error instanceof SpeechUnusable && canServer)) throw error;
        heard.pop();
      }
    }
    if (!canServer) throw new Error('nothing here can speak');
    const sound = await (early ?? fetchSound(text));
    heard.push(sentence);
    await play(sound, signal);
  };

  const say = (sentence: string): void => {
    // The next sentence is fetched while the one before it is spoken.
    const early = isHere() || !canServer ? null : fetchSound(plainWords(sentence) || '.');
    early?.catch(() => undefined);
    line = line.then(() => sayOne(sentence, early));
    line.catch(() => undefined);
  };

  return {
    add: (text) => {
      for (const sentence of cutter.add(text)) say(sentence);
    },
    finish: () => {
      for (const sentence of cutter.rest()) say(sentence);
      return line;
    },
    heard: () => heard.join(' '),
  };
}
