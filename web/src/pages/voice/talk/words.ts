import type { IconName } from '../../../design/icon.tsx';
import type { Phase } from './talk.ts';

interface Words {
  /** The big button's name. */
  readonly button: string;
  readonly icon: IconName;
  /** What goes on, for the eye and for assistive technology. */
  readonly status: string;
}

/** What each state of the contract says. */
export const words: Readonly<Record<Phase, Words>> = {
  'needs-key': { button: 'Enter a key to talk', icon: 'key', status: 'An API key is needed first.' },
  idle: { button: 'Tap to talk', icon: 'mic', status: 'Ready.' },
  'requesting-mic': {
    button: 'Waiting for the microphone',
    icon: 'mic',
    status: 'If your browser asks, allow the microphone.',
  },
  listening: { button: 'Tap to send', icon: 'send', status: 'Listening…' },
  transcribing: { button: 'Cancel', icon: 'close', status: 'Writing down what you said…' },
  thinking: { button: 'Cancel', icon: 'close', status: 'Thinking…' },
  speaking: { button: 'Stop', icon: 'pause', status: 'Speaking…' },
  'mic-denied': {
    button: 'Try again',
    icon: 'mic',
    status:
      'The microphone is not allowed. On an iPhone: Settings › Apps › Safari › Microphone › Allow, then reload. Elsewhere: the icon beside the address. You can also type.',
  },
  'mic-missing': {
    button: 'Try again',
    icon: 'mic',
    status: 'No microphone was found. You can type your question.',
  },
  offline: {
    button: 'Retry',
    icon: 'retry',
    status: 'No connection. Your question is kept, and asked again as soon as you are back.',
  },
  'invalid-key': {
    button: 'Enter a key to talk',
    icon: 'key',
    status: 'The API key was not accepted. Please check it; your question is kept.',
  },
  'rate-limited': {
    button: 'Retry',
    icon: 'retry',
    status: 'Too many questions at once. Your question is kept.',
  },
  'upstream-down': {
    button: 'Retry',
    icon: 'retry',
    status: 'The assistant is not reachable right now. Your question is kept.',
  },
  'tts-failed': {
    button: 'Tap to hear',
    icon: 'play',
    status: 'The answer could not be spoken. Here it is in writing.',
  },
  refused: { button: 'Retry', icon: 'retry', status: 'That did not work. Your question is kept.' },
};

/** Phases in which something went wrong and the user decides what comes next. */
export const troubles: ReadonlySet<Phase> = new Set([
  'mic-denied',
  'mic-missing',
  'offline',
  'invalid-key',
  'rate-limited',
  'upstream-down',
  'tts-failed',
  'refused',
]);

/** Phases in which the device listens, thinks or speaks. */
export const isBusy = (phase: Phase): boolean =>
  phase === 'requesting-mic' ||
  phase === 'listening' ||
  phase === 'transcribing' ||
  phase === 'thinking' ||
  phase === 'speaking';
