import type { EarshotClient } from '@earshot/client';

export interface Narration {
  readonly isPlaying: boolean;
  /** Seconds, in tenths. */
  readonly position: number;
  /** Seconds; 0 until the browser knows. */
  readonly duration: number;
  /** The browser cannot play the file. */
  readonly isBroken: boolean;
}

/** Reads one story aloud, and tells the journey how long somebody listened. */
export interface Narrator {
  state(): Narration;
  subscribe(listener: () => void): () => void;
  /** Another file, or none. The place is kept when it is the same story. */
  load(url: string | null): void;
  /** Call it from a click, or phones refuse the sound. */
  toggle(): void;
  seek(seconds: number): void;
  setRate(rate: number): void;
  /** Ends the sound and the listening session. */
  close(): void;
}

const SAVED_EVERY_MS = 5_000;
/** A larger step of the clock is a jump, not listening. */
const LONGEST_STEP_S = 2;

export function createNarrator(
  client: EarshotClient,
  storyId: string,
  /** For the system's media keys; asked whenever they are told. */
  describe: () => { readonly title: string; readonly heroName: string },
  initialRate: number,
): Narrator {
  const { listening, stories, log } = client;
  const audio = document.createElement('audio');
  audio.preload = 'auto';
  audio.hidden = true;
  document.body.append(audio);
  let state: Narration = { isPlaying: false, position: 0, duration: 0, isBroken: false };
  let rate = initialRate;
  let lastTime = 0;
  let heard = 0;
  let savedAt = 0;
  let isSession = false;
  const listeners = new Set<() => void>();

  const publish = (changes: Partial<Narration>): void => {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  };
  /** What the journey is told must never disturb the story. */
  const report = (work: Promise<unknown>): void => {
    work.catch((error: unknown) =>
      log('warn', 'store', 'listening was not noted', { reason: String(error) }),
    );
  };
  const save = (): void => {
    savedAt = performance.now();
    if (isSession) report(listening.save(heard));
  };
  const finish = (completed: boolean): void => {
    if (!isSession) return;
    isSession = false;
    report(listening.finish({ heard, completed }));
    heard = 0;
  };
  const begin = (): void => {
    if (isSession) return;
    isSession = true;
    heard = 0;
    report(listening.start(storyId).then(() => stories.play(storyId)));
  };
  const tellSystem = (): void => {
    if (!('mediaSession' in navigator)) return;
    const { title, heroName } = describe();
    navigator.mediaSession.metadata = new MediaMetadata({
      title,
      artist: heroName,
      album: 'Stories',
      artwork: [{ src: '/stories-icon-512.png', sizes: '512x512', type: 'image/png' }],
    });
    navigator.mediaSession.playbackState = state.isPlaying ? 'playing' : 'paused';
  };

  audio.addEventListener('play', () => {
    lastTime = audio.currentTime;
    begin();
    publish({ isPlaying: true });
    tellSystem();
  });
  audio.addEventListener('pause', () => {
    publish({ isPlaying: false });
    save();
    tellSystem();
  });
  audio.addEventListener('ended', () => {
    publish({ isPlaying: false, position: audio.currentTime });
    finish(true);
  });
  audio.addEventListener('timeupdate', () => {
    const step = audio.currentTime - lastTime;
    if (state.isPlaying && step > 0 && step < LONGEST_STEP_S) heard += step;
    lastTime = audio.currentTime;
    const position = Math.round(audio.currentTime * 10) / 10;
    if (position !== state.position) publish({ position });
    if (state.isPlaying && performance.now() - savedAt >= SAVED_EVERY_MS) save();
  });
  audio.addEventListener('durationchange', () => {
    if (Number.isFinite(audio.duration)) publish({ duration: audio.duration });
  });
  audio.addEventListener('error', () => {
    if (audio.getAttribute('src')) publish({ isBroken: true, isPlaying: false });
  });
  const whenHidden = (): void => {
    if (document.visibilityState === 'hidden') save();
  };
  document.addEventListener('visibilitychange', whenHidden);

  const seek = (seconds: number): void => {
    audio.currentTime = Math.min(Math.max(0, seconds), state.duration || 0);
    lastTime = audio.currentTime;
    publish({ position: audio.currentTime });
  };
  const play = (): void => {
    audio.play().catch(() => publish({ isPlaying: false }));
  };
  const actions: Partial<Record<MediaSessionAction, MediaSessionActionHandler | null>> = {
    play,
    pause: () => audio.pause(),
    seekbackward: ({ seekOffset }) => seek(audio.currentTime - (seekOffset ?? 15)),
    seekforward: ({ seekOffset }) => seek(audio.currentTime + (seekOffset ?? 15)),
    seekto: ({ seekTime }) => seek(seekTime ?? 0),
  };
  const setActions = (isOn: boolean): void => {
    if (!('mediaSession' in navigator)) return;
    for (const [action, handler] of Object.entries(actions)) {
      try {
        navigator.mediaSession.setActionHandler(action as MediaSessionAction, isOn ? handler : null);
      } catch {
        // Older browsers know fewer actions.
      }
    }
    if (!isOn) navigator.mediaSession.metadata = null;
  };
  setActions(true);

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load: (url) => {
      if (url === audio.getAttribute('src')) return;
      if (url === null) {
        audio.pause();
        audio.removeAttribute('src');
        publish({ isPlaying: false, position: 0, duration: 0, isBroken: false });
        return;
      }
      audio.src = url;
      // A new source forgets the speed.
      audio.playbackRate = rate;
      audio.defaultPlaybackRate = rate;
      publish({ isPlaying: false, position: 0, isBroken: false });
    },
    toggle: () => {
      if (!audio.paused) audio.pause();
      else play();
    },
    seek,
    setRate: (next) => {
      rate = next;
      audio.playbackRate = next;
      audio.defaultPlaybackRate = next;
    },
    close: () => {
      document.removeEventListener('visibilitychange', whenHidden);
      setActions(false);
      listeners.clear();
      audio.pause();
      finish(false);
      audio.removeAttribute('src');
      audio.remove();
    },
  };
}
