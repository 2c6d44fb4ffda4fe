import type { HandsFree } from '../hands-free/hands-free.ts';
import { listen } from '../hearing/listen.ts';
import type { Hearing } from '../hearing/recognition.ts';
import { randomId } from '../keeping/conversation.ts';
import { forgetKey, readKey } from '../keeping/key.ts';
import { answersTo } from '../server/conversation.ts';
import type { Offer } from '../server/offer.ts';
import { Failure } from '../server/requests.ts';
import { transcribe } from '../server/transcription.ts';
import { setAudioSession, unlockSound } from '../speaking/sound.ts';
import { createSpeaker, type Speaker } from '../speaking/speaker.ts';
import { keepScreenOn } from '../speaking/wake-lock.ts';
import type { Preferences } from './preferences.ts';
import type { TalkStore } from './store.ts';
import { type Message, type Trouble, unansweredOf } from './talk.ts';

const TRANSCRIBING_HINT_MS = 5_000;

/** What the user does, and what then happens: the microphone, the server and the loudspeaker, one after the other. */
export interface Conductor {
  /** The big button. Called inside the tap. */
  readonly tap: () => void;
  readonly askInWriting: (text: string) => void;
  readonly retry: () => void;
  /** The network is back: asks what could not be asked. */
  readonly resume: () => void;
  readonly startHandsFree: () => void;
  readonly endHandsFree: () => void;
  readonly keyGiven: () => void;
  readonly keyForgotten: () => void;
  readonly clear: () => void;
  /** Ends whatever goes on. */
  readonly leave: () => void;
}

interface Surroundings {
  readonly offer: () => Offer | null;
  readonly preferences: () => Preferences;
  /** The level of the microphone, 0..1, for the eye. */
  readonly showLevel: (level: number) => void;
  readonly askForKey: () => void;
}

export function createConductor(store: TalkStore, surroundings: Surroundings): Conductor {
  const { dispatch } = store;
  let abort = new AbortController();
  let hearing: Hearing | null = null;
  let speaker: Speaker | null = null;
  /** What was said, as long as nobody could write it down. */
  let recording: Blob | null = null;
  let handsFree: HandsFree | null = null;

  /** Ends the former turn; what is left of it comes too late. */
  const begin = (): { turn: number; signal: AbortSignal } => {
    abort.abort();
    abort = new AbortController();
    hearing = null;
    speaker = null;
    return { turn: store.get().turn + 1, signal: abort.signal };
  };
  const end = (): void => {
    abort.abort();
    hearing = null;
    surroundings.showLevel(0);
  };

  /** Runs a turn; whatever goes wrong is shown, unless the user has ended it. */
  const run = (turn: number, signal: AbortSignal, work: () => Promise<void>): void => {
    work().catch((error: unknown) => {
      if (signal.aborted) return;
      surroundings.showLevel(0);
      dispatch({ type: 'failed', turn, trouble: troubleOf(error) });
      if (store.get().phase === 'invalid-key') surroundings.askForKey();
    });
  };

  const speak = async (turn: number, signal: AbortSignal, pieces: AsyncIterable<string>): Promise<void> => {
    const { voice, isAloud } = surroundings.preferences();
    const offer = surroundings.offer();
    const aloud = isAloud
      ? createSpeaker(
          { serverVoice: voice, canServer: offer?.modes.speech.includes('server') ?? false },
          signal,
        )
      : null;
    speaker = aloud;
    const release = keepScreenOn();
    setAudioSession('playback');
    try {
      const id = randomId();
      for await (const text of pieces) {
        dispatch({ type: 'answering', turn, id, text, at: Date.now() });
        aloud?.add(text);
      }
      dispatch({ type: 'answered', turn });
      try {
        await aloud?.finish();
      } catch (error) {
        signal.throwIfAborted();
        // What is written is there; only the voice failed.
        throw error instanceof Failure && error.trouble.phase === 'invalid-key'
          ? error
          : new Failure({ phase: 'tts-failed' });
      }
      dispatch({ type: 'spoken', turn });
    } finally {
      release();
    }
  };

  const answer = async (turn: number, signal: AbortSignal, question: Pick<Message, 'id' | 'text' | 'at'>) => {
    const talk = store.get();
    const place = talk.messages.findIndex(({ id }) => id === question.id);
    const before = place === -1 ? talk.messages : talk.messages.slice(0, place);
    dispatch({ type: 'ask', turn, question });
    if (!navigator.onLine) throw new Failure({ phase: 'offline' });
    const keptAs =
      surroundings.offer()?.history && surroundings.preferences().isKeptOnServer ? talk.id : null;
    await speak(turn, signal, answersTo({ text: question.text, before, keptAs }, signal));
  };

  const hear = (): void => {
    const context = unlockSound();
    const { turn, signal } = begin();
    dispatch({ type: 'listen', turn });
    run(turn, signal, async () => {
      const offer = surroundings.offer();
      if (!offer) throw unreachable();
      recording = null;
      setAudioSession('play-and-record');
      hearing = listen(context, offer, {
        signal,
        onStart: (isAnew) =>
          dispatch({ type: 'capturing', turn, ...(isAnew ? { notice: 'Please say that again.' } : {}) }),
        onWords: (text) => dispatch({ type: 'hearing', turn, text }),
        onLevel: surroundings.showLevel,
        onTranscribing: (recorded) => {
          recording = recorded;
          surroundings.showLevel(0);
          showTranscribing(turn);
        },
      });
      const words = await hearing.words;
      signal.throwIfAborted();
      surroundings.showLevel(0);
      await answerWords(turn, signal, words);
    });
  };

  const showTranscribing = (turn: number): void => {
    dispatch({ type: 'transcribing', turn });
    // Too late for a turn that has gone on, it is dropped.
    setTimeout(() => dispatch({ type: 'transcribing-slowly', turn }), TRANSCRIBING_HINT_MS);
  };

  const answerWords = async (turn: number, signal: AbortSignal, words: string): Promise<void> => {
    recording = null;
    if (words === '') throw new Failure({ phase: 'idle', notice: 'I heard nothing. Tap and try again.' });
    await answer(turn, signal, { id: randomId(), text: words, at: Date.now() });
  };

  const writeDownAgain = (recorded: Blob): void => {
    unlockSound();
    const { turn, signal } = begin();
    dispatch({ type: 'listen', turn });
    showTranscribing(turn);
    run(turn, signal, async () => {
      await answerWords(turn, signal, await transcribe(recorded, signal));
    });
  };

  const askAgain = (question: Pick<Message, 'id' | 'text' | 'at'>): void => {
    unlockSound();
    const { turn, signal } = begin();
    run(turn, signal, () => answer(turn, signal, question));
  };

  const retry = (): void => {
    const question = unansweredOf(store.get());
    if (recording) writeDownAgain(recording);
    else if (question) askAgain(question);
    else hear();
  };

  const sayAgain = (): void => {
    const last = store.get().messages.findLast(({ sender }) => sender === 'bot');
    if (!last) return;
    unlockSound();
    const { turn, signal } = begin();
    dispatch({ type: 'say-again', turn });
    run(turn, signal, async () => {
      const { voice } = surroundings.preferences();
      const aloud = createSpeaker(
        { serverVoice: voice, canServer: surroundings.offer()?.modes.speech.includes('server') ?? false },
        signal,
      );
      aloud.add(last.text);
      await aloud.finish().catch((error: unknown) => {
        signal.throwIfAborted();
        throw error instanceof Failure ? error : new Failure({ phase: 'tts-failed' });
      });
      dispatch({ type: 'spoken', turn });
    });
  };

  const stop = (): void => {
    const heard = speaker?.heard();
    const last = store.get().messages.at(-1);
    end();
    // Said again or in writing: then the whole answer was there to be read.
    dispatch({ type: 'stopped', heard: heard ?? last?.text ?? '' });
  };

  const closeHandsFree = (): void => {
    handsFree?.close();
    handsFree = null;
  };

  const endHandsFree = (): void => {
    closeHandsFree();
    end();
    dispatch({ type: 'hands-free', isOn: false });
    dispatch({ type: 'cancelled' });
  };

  return {
    tap: () => {
      const { phase, isHandsFree } = store.get();
      if (isHandsFree) {
        if (phase === 'speaking') handsFree?.interrupt();
        else endHandsFree();
        return;
      }
      switch (phase) {
        case 'idle':
        case 'mic-denied':
        case 'mic-missing':
          hear();
          break;
        case 'listening':
          hearing?.finish();
          break;
        case 'requesting-mic':
        case 'transcribing':
        case 'thinking':
          end();
          dispatch({ type: 'cancelled' });
          break;
        case 'speaking':
          stop();
          break;
        case 'offline':
        case 'rate-limited':
        case 'upstream-down':
        case 'refused':
          retry();
          break;
        case 'tts-failed':
          sayAgain();
          break;
        case 'needs-key':
        case 'invalid-key':
          surroundings.askForKey();
          break;
      }
    },
    askInWriting: (text) => {
      recording = null;
      if (store.get().isHandsFree) {
        closeHandsFree();
        dispatch({ type: 'hands-free', isOn: false });
      }
      if (store.get().phase === 'speaking') stop();
      askAgain({ id: randomId(), text, at: Date.now() });
    },
    retry,
    resume: () => {
      if (store.get().phase === 'offline' && (recording || unansweredOf(store.get()))) retry();
    },
    startHandsFree: () => {
      const context = unlockSound();
      const offer = surroundings.offer();
      const { turn, signal } = begin();
      dispatch({ type: 'listen', turn });
      dispatch({ type: 'hands-free', isOn: true });
      run(turn, signal, async () => {
        if (!offer) throw unreachable();
        if (!context?.audioWorklet) throw new Failure({ phase: 'mic-missing' });
        const { openHandsFree } = await import('../hands-free/hands-free.ts');
        signal.throwIfAborted();
        handsFree = openHandsFree({
          context,
          offer,
          voice: surroundings.preferences().voice,
          before: store.get().messages,
          turn,
          dispatch,
          signal,
          showLevel: surroundings.showLevel,
        });
        try {
          await handsFree.over;
        } finally {
          handsFree = null;
        }
      });
    },
    endHandsFree,
    keyGiven: () => {
      dispatch({ type: 'key-given' });
      if (recording || unansweredOf(store.get())) retry();
    },
    keyForgotten: () => {
      forgetKey();
      end();
      if (surroundings.offer()?.key.required) dispatch({ type: 'key-needed' });
    },
    clear: () => {
      recording = null;
      closeHandsFree();
      end();
      dispatch({ type: 'cleared', id: randomId(), at: Date.now() });
      if (surroundings.offer()?.key.required && readKey() === null) dispatch({ type: 'key-needed' });
    },
    leave: () => {
      closeHandsFree();
      end();
    },
  };
}

const unreachable = (): Failure =>
  new Failure({ phase: 'offline', notice: 'The server cannot be reached. Please check your connection.' });

function troubleOf(error: unknown): Trouble {
  if (error instanceof Failure) return error.trouble;
  console.error(error);
  return { phase: 'refused' };
}
