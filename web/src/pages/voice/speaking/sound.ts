let context: AudioContext | null = null;

interface AudioSession {
  type: 'auto' | 'playback' | 'play-and-record';
}

/** Tells newer Safaris what the sound is for, so that a muted ringer does not mute the answer. */
export function setAudioSession(type: AudioSession['type']): void {
  const { audioSession } = navigator as Navigator & { audioSession?: AudioSession };
  if (audioSession) audioSession.type = type;
}

/**
 * Unlocks sound; called inside a tap, before anything is awaited. Browsers let a page play only what a tap has allowed, and an empty
 * utterance allows the browser's speech in the same way (contract §9).
 */
export function unlockSound(): AudioContext | null {
  if (typeof AudioContext === 'undefined') return null;
  // A context that was closed from outside is of no use any more.
  if (!context || context.state === 'closed') context = new AudioContext();
  if (context.state !== 'running') void context.resume().catch(() => undefined);
  if (typeof speechSynthesis !== 'undefined' && !speechSynthesis.speaking) {
    const silent = new SpeechSynthesisUtterance('');
    silent.volume = 0;
    speechSynthesis.speak(silent);
  }
  return context;
}

/** The unlocked context if it runs, or after a short attempt to wake it. @throws Error when sound is blocked */
async function runningSound(): Promise<AudioContext> {
  const found = context;
  if (!found) throw new Error('sound is not unlocked');
  if (found.state !== 'running') {
    // After calls and locks WebKit has a state of its own; every state but `running` needs waking.
    await Promise.race([found.resume(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    if (!isRunning(found)) throw new Error('sound is blocked');
  }
  return found;
}

/** Asked by a function, as the compiler does not know that waking changes the state. */
const isRunning = ({ state }: AudioContext): boolean => state === 'running';

/** Plays a whole file; resolves at its end, or when it is stopped. */
export async function play(file: ArrayBuffer, signal: AbortSignal): Promise<void> {
  const running = await runningSound();
  const buffer = await running.decodeAudioData(file);
  signal.throwIfAborted();
  const source = running.createBufferSource();
  source.buffer = buffer;
  source.connect(running.destination);
  await new Promise<void>((resolve, reject) => {
    // Contexts that are interrupted may never tell of the end.
    const watchdog = setTimeout(resolve, buffer.duration * 1_000 + 3_000);
    const stop = (): void => {
      clearTimeout(watchdog);
      source.stop();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    source.addEventListener('ended', () => {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
      resolve();
    });
    source.start();
  });
}
