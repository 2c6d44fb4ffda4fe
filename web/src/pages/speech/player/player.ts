import { downloadFile, type PlaybackState } from '../api.ts';
import { audioType } from '../formats.ts';
import type { Note } from '../notes.ts';
import type { PositionKeeper } from '../queries.ts';
import { decodePeaks } from './peaks.ts';
import { silence } from './silence.ts';

export type PlayerState =
  | { readonly phase: 'empty' }
  | {
      readonly phase: 'loading';
      readonly note: Note;
      readonly received: number;
      readonly total: number | null;
    }
  | { readonly phase: 'failed'; readonly note: Note; readonly reason: string }
  | {
      readonly phase: 'ready';
      readonly note: Note;
      readonly playing: boolean;
      /** Seconds; 0 until the browser knows. */
      readonly duration: number;
      /** Loudness 0..1 of equal stretches, once drawn. */
      readonly peaks: readonly number[] | null;
    };

export interface Player {
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => PlayerState;
  /** Seconds into the audio, in tenths. */
  readonly position: () => number;
  readonly rate: () => number;
  readonly downloaded: () => ReadonlySet<string>;
  /** Plays or pauses a note; fetches it first when needed. Call it from a click, or phones refuse the sound. */
  readonly toggle: (note: Note) => void;
  readonly seek: (seconds: number) => void;
  readonly setRate: (rate: number) => void;
  /** Moves a paused note to where another device left it; says whether it did. */
  readonly adopt: (there: PlaybackState) => boolean;
  /** The audio of a note, from memory or the server. */
  readonly fetchAudio: (note: Note) => Promise<Blob>;
  readonly stop: () => void;
  /** Forgets a note's audio, and stops it if it is the current one. */
  readonly forget: (fileId: string) => void;
  /** Stops and releases everything, for when the page is left. */
  readonly close: () => void;
}

const rateKey = 'earshot.speech.rate';
const saveEveryMs = 5_000;
const seekSettlesMs = 400;
const peakCount = 140;
/** Bytes of audio kept in memory; beyond this the oldest goes. */
const memoryLimit = 250_000_000;
/** Closer to the end than this counts as heard: it starts anew. */
const heardFrom = 0.995;

function storedRate(): number {
  try {
    const rate = Number(localStorage.getItem(rateKey));
    return rate >= 0.5 && rate <= 3 ? rate : 1;
  } catch {
    return 1;
  }
}

/** One audio element and everything around it: fetching, positions, the system's media keys. */
export function createPlayer(positions: PositionKeeper): Player {
  const audio = document.createElement('audio');
  audio.preload = 'auto';
  audio.hidden = true;
  document.body.append(audio);

  let state: PlayerState = { phase: 'empty' };
  let position = 0;
  let rate = storedRate();
  let blobs: ReadonlyMap<string, Blob> = new Map();
  let downloaded: ReadonlySet<string> = new Set();
  let url: string | null = null;
  let loading: AbortController | null = null;
  let savedAt = 0;
  let seekTimer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  const publish = (next: PlayerState = state) => {
    state = next;
    for (const listener of listeners) listener();
  };

  const keep = (id: string, blob: Blob) => {
    const next = new Map(blobs).set(id, blob);
    let size = [...next.values()].reduce((sum, { size: bytes }) => sum + bytes, 0);
    for (const [oldest, { size: bytes }] of next) {
      if (size <= memoryLimit || oldest === id) break;
      next.delete(oldest);
      size -= bytes;
    }
    blobs = next;
    downloaded = new Set(next.keys());
  };

  const save = (leaving = false) => {
    if (state.phase !== 'ready' || !(state.duration > 0)) return;
    savedAt = performance.now();
    const progress = Math.min(1, Math.max(0, audio.currentTime / state.duration));
    positions.save(state.note, progress, state.playing && !leaving, leaving);
  };

  const tellSystem = () => {
    if (!('mediaSession' in navigator)) return;
    if (state.phase !== 'ready') {
      navigator.mediaSession.metadata = null;
      navigator.mediaSession.playbackState = 'none';
      return;
    }
    const { note, playing, duration } = state;
    if (navigator.mediaSession.metadata?.title !== note.title) {
      navigator.mediaSession.metadata = new MediaMetadata({
        title: note.title,
        artist: `Voice ${note.voice}`,
        album: 'Earshot',
        artwork: [{ src: '/icon-512.png', sizes: '512x512', type: 'image/png' }],
      });
    }
    navigator.mediaSession.playbackState = playing ? 'playing' : 'paused';
    if (duration > 0) {
      navigator.mediaSession.setPositionState({
        duration,
        playbackRate: rate,
        position: Math.min(audio.currentTime, duration),
      });
    }
  };

  const seek = (seconds: number) => {
    if (state.phase !== 'ready') return;
    audio.currentTime = Math.min(Math.max(0, seconds), state.duration || 0);
    position = audio.currentTime;
    publish();
    // A drag along the bar is one move, not forty.
    clearTimeout(seekTimer);
    seekTimer = setTimeout(() => {
      save();
      tellSystem();
    }, seekSettlesMs);
  };

  const start = () => {
    audio.play().catch(() => {
      // The browser wants another click before it makes a sound; the button shows "play" and waits for it.
      if (state.phase === 'ready') publish({ ...state, playing: false });
    });
  };

  const settled = (playing: boolean) => {
    if (state.phase !== 'ready' || state.playing === playing) return;
    publish({ ...state, playing });
    tellSystem();
    save();
  };

  audio.addEventListener('play', () => settled(true));
  audio.addEventListener('pause', () => settled(false));
  audio.addEventListener('ended', () => settled(false));
  audio.addEventListener('timeupdate', () => {
    if (state.phase !== 'ready') return;
    const tenths = Math.round(audio.currentTime * 10) / 10;
    if (tenths === position) return;
    position = tenths;
    publish();
    if (state.playing && performance.now() - savedAt >= saveEveryMs) save();
  });
  audio.addEventListener('durationchange', () => {
    if (state.phase !== 'ready' || !Number.isFinite(audio.duration)) return;
    publish({ ...state, duration: audio.duration });
    tellSystem();
  });
  audio.addEventListener('error', () => {
    if (state.phase !== 'ready') return;
    publish({
      phase: 'failed',
      note: state.note,
      reason: 'This browser cannot play the file. You can download it.',
    });
  });

  const leave = () => {
    if (document.visibilityState === 'hidden' && state.phase === 'ready') save(!state.playing);
  };
  const unload = () => save(true);
  document.addEventListener('visibilitychange', leave);
  addEventListener('pagehide', unload);

  const release = () => {
    loading?.abort();
    loading = null;
    clearTimeout(seekTimer);
    audio.pause();
    if (url) URL.revokeObjectURL(url);
    url = null;
  };

  const stop = () => {
    if (state.phase === 'ready' && state.playing) {
      audio.pause();
      settled(false);
    }
    release();
    audio.removeAttribute('src');
    position = 0;
    publish({ phase: 'empty' });
    tellSystem();
  };

  const draw = async (note: Note, blob: Blob) => {
    const peaks = await decodePeaks(blob, peakCount).catch(() => null);
    if (state.phase === 'ready' && state.note.id === note.id) publish({ ...state, peaks });
  };

  /** Resolves when the browser knows how long the file is. */
  const measured = (source: string, signal: AbortSignal) =>
    new Promise<number>((resolve, reject) => {
      const options = { once: true, signal } as const;
      audio.addEventListener('loadedmetadata', () => resolve(audio.duration), options);
      audio.addEventListener(
        'error',
        () => reject(new Error('This browser cannot play the file. You can download it.')),
        options,
      );
      audio.src = source;
    });

  const load = async (note: Note) => {
    if (state.phase === 'ready' && state.playing) {
      audio.pause();
      settled(false);
    }
    release();
    const controller = new AbortController();
    loading = controller;
    const { signal } = controller;
    position = 0;
    publish({ phase: 'loading', note, received: 0, total: note.size });
    // Phones let an element sound later only if it sounded inside the click itself.
    audio.src = silence;
    audio.play().catch(() => undefined);
    try {
      const kept = blobs.get(note.id);
      const [blob, progress] = await Promise.all([
        kept ??
          downloadFile(note.id, signal, (received, total) => {
            if (!signal.aborted) publish({ phase: 'loading', note, received, total: total ?? note.size });
          }),
        positions.recall(note.contentHash),
      ]);
      if (signal.aborted) return;
      const typed = blob.type.startsWith('audio/')
        ? blob
        : new Blob([blob], { type: audioType(note.format) });
      keep(note.id, typed);
      url = URL.createObjectURL(typed);
      const length = await measured(url, signal);
      if (signal.aborted) return;
      const duration = Number.isFinite(length) ? length : 0;
      audio.playbackRate = rate;
      if (progress > 0 && progress < heardFrom) audio.currentTime = progress * duration;
      position = audio.currentTime;
      savedAt = performance.now();
      publish({ phase: 'ready', note, playing: false, duration, peaks: null });
      start();
      void draw(note, typed);
    } catch (error) {
      if (signal.aborted) return;
      publish({
        phase: 'failed',
        note,
        reason: error instanceof Error ? error.message : 'The audio could not be fetched.',
      });
    }
  };

  const toggle = (note: Note) => {
    if (state.phase === 'ready' && state.note.id === note.id) {
      if (state.playing) audio.pause();
      else start();
    } else if (state.phase !== 'loading' || state.note.id !== note.id) {
      void load(note);
    }
  };

  const actions: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => start(),
    pause: () => audio.pause(),
    stop,
    seekbackward: ({ seekOffset }) => seek(audio.currentTime - (seekOffset ?? 15)),
    seekforward: ({ seekOffset }) => seek(audio.currentTime + (seekOffset ?? 15)),
    seekto: ({ seekTime }) => seek(seekTime ?? 0),
  };
  const setActions = (on: boolean) => {
    if (!('mediaSession' in navigator)) return;
    for (const [action, handler] of Object.entries(actions)) {
      try {
        navigator.mediaSession.setActionHandler(action as MediaSessionAction, on ? handler : null);
      } catch {
        // Older browsers know fewer actions.
      }
    }
  };
  setActions(true);

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    position: () => position,
    rate: () => rate,
    downloaded: () => downloaded,
    toggle,
    seek,
    setRate: (next) => {
      rate = next;
      audio.playbackRate = next;
      try {
        localStorage.setItem(rateKey, String(next));
      } catch {
        // Remembered for this visit only.
      }
      publish();
      tellSystem();
    },
    adopt: (there) => {
      if (state.phase !== 'ready' || state.playing || state.note.contentHash !== there.document_id)
        return false;
      if (!positions.isNews(there)) return false;
      const seconds = there.progress * state.duration;
      if (Math.abs(seconds - audio.currentTime) < 1.5) return false;
      audio.currentTime = seconds;
      position = seconds;
      publish();
      return true;
    },
    fetchAudio: async (note) => {
      const kept = blobs.get(note.id);
      if (kept) return kept;
      const blob = await downloadFile(note.id, new AbortController().signal, () => undefined);
      keep(note.id, blob);
      publish();
      return blob;
    },
    stop,
    forget: (fileId) => {
      if (state.phase !== 'empty' && state.note.id === fileId) {
        // Its position is of no more use: no last save.
        release();
        audio.removeAttribute('src');
        position = 0;
        state = { phase: 'empty' };
        tellSystem();
      }
      const next = new Map(blobs);
      next.delete(fileId);
      blobs = next;
      downloaded = new Set(next.keys());
      publish();
    },
    close: () => {
      stop();
      setActions(false);
      document.removeEventListener('visibilitychange', leave);
      removeEventListener('pagehide', unload);
      audio.remove();
    },
  };
}
