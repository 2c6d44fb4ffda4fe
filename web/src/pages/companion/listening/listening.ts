import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ServerRefusal, sentence } from '../../../server/request.ts';
import { send } from '../server.ts';
import type { Conversation, Segment } from '../shapes.ts';
import { type Microphone, openMicrophone } from './microphone.ts';

export type Phase = 'idle' | 'asking' | 'connecting' | 'listening' | 'reconnecting' | 'finishing';

/** What the recorder does now. */
export interface Listening {
  readonly phase: Phase;
  readonly segments: readonly Segment[];
  /** How loud it is, 0 to 1. */
  readonly level: number;
  /** Epoch milliseconds. */
  readonly since: number | null;
  readonly problem: string | null;
  /** The conversation that came of the last recording. */
  readonly finished: string | null;
}

const QUIET: Listening = {
  phase: 'idle',
  segments: [],
  level: 0,
  since: null,
  problem: null,
  finished: null,
};
/** The app answers the server's `ping` with this message (contract §4.2). */
const PONG = Uint8Array.of(0x8a, 0x00);
/** Sound that waits while there is no connection: two minutes. */
const WAITING_PIECES = 1_200;
/** After the microphone is off: how long nothing new must come, and how long is waited at most. */
const SETTLED_MS = 2_500;
const PATIENCE_MS = 20_000;

/** Records by the microphone over `/v4/listen`; goes on while one looks at something else on the page. */
export interface Recorder {
  state(): Listening;
  subscribe(listener: () => void): () => void;
  start(language: string): Promise<void>;
  /** Ends the recording and has its conversation summarised. */
  stop(): Promise<void>;
  forget(): void;
}

export function createRecorder(queries: QueryClient): Recorder {
  let state = QUIET;
  const listeners = new Set<() => void>();
  let microphone: Microphone | null = null;
  let socket: WebSocket | null = null;
  let waiting: Int16Array[] = [];
  let heardAt = 0;
  let language = 'en';
  let attempts = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const set = (change: Partial<Listening>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const isOn = () => state.phase !== 'idle' && state.phase !== 'finishing';

  const take = (message: unknown): void => {
    heardAt = Date.now();
    if (Array.isArray(message)) {
      const segments = new Map(state.segments.map((segment) => [segment.id, segment]));
      for (const segment of message as Segment[]) segments.set(segment.id, segment);
      set({ segments: [...segments.values()].sort((one, other) => one.start - other.start) });
      return;
    }
    const { type, memory } = message as { readonly type?: string; readonly memory?: Conversation };
    if (type === 'memory_processing_started' || type === 'memory_created') {
      if (type === 'memory_processing_started' && isOn()) set({ segments: [] });
      if (memory) queries.setQueryData(['companion', 'conversation', memory.id], memory);
      for (const key of ['conversations', 'todos', 'memories'])
        void queries.invalidateQueries({ queryKey: ['companion', key] });
    }
  };
  const connect = (): void => {
    const query = new URLSearchParams({
      language,
      sample_rate: '16000',
      codec: 'pcm16',
      conversation_timeout: '120',
    });
    const opened = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v4/listen?${query}`);
    opened.binaryType = 'arraybuffer';
    socket = opened;
    opened.onopen = () => {
      attempts = 0;
      set({ phase: state.phase === 'finishing' ? 'finishing' : 'listening', problem: null });
      for (const piece of waiting.splice(0)) opened.send(piece.slice());
    };
    opened.onmessage = ({ data }) => {
      if (data === 'ping') opened.send(PONG);
      else if (typeof data === 'string') take(JSON.parse(data));
    };
    opened.onclose = ({ code, reason }) => {
      if (socket !== opened) return;
      socket = null;
      if (!isOn()) return;
      if (code === 1008) return fail(reason || 'The server does not take this recording.');
      // What is said meanwhile waits here; the server goes on with the same conversation.
      attempts += 1;
      set({ phase: 'reconnecting' });
      retry = setTimeout(connect, Math.min(15_000, 500 * 1.5 ** attempts));
    };
  };
  const hear = (samples: Int16Array, level: number): void => {
    set({ level });
    if (socket?.readyState === WebSocket.OPEN) socket.send(samples.slice());
    else if (waiting.length < WAITING_PIECES) waiting.push(samples);
  };
  const release = (): void => {
    microphone?.stop();
    microphone = null;
    clearTimeout(retry);
  };
  const fail = (problem: string): void => {
    release();
    const open = socket;
    socket = null;
    open?.close(1000);
    set({ ...QUIET, problem });
  };
  /** The words of the last seconds are still on their way when the microphone is switched off. */
  const lastWords = async (): Promise<void> => {
    const silence = new Int16Array(16_000);
    if (socket?.readyState === WebSocket.OPEN) socket.send(silence);
    const began = Date.now();
    heardAt = Math.max(heardAt, began);
    while (Date.now() - heardAt < SETTLED_MS && Date.now() - began < PATIENCE_MS)
      await new Promise((resolve) => setTimeout(resolve, 100));
  };
  const finish = async (): Promise<Conversation | null> => {
    const began = Date.now();
    for (;;) {
      try {
        const answer = await send('POST', '/v1/conversations', {});
        return ((await answer.json()) as { readonly memory: Conversation }).memory;
      } catch (error) {
        const isNothing = error instanceof ServerRefusal && error.status === 404;
        if (!isNothing) throw error;
        if (state.segments.length === 0 || Date.now() - began > PATIENCE_MS) return null;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  };

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: async (spoken) => {
      if (state.phase !== 'idle') return;
      language = spoken;
      attempts = 0;
      waiting = [];
      set({ ...QUIET, phase: 'asking' });
      try {
        const opened = await openMicrophone(hear);
        microphone = opened;
        set({ phase: 'connecting', since: Date.now() });
        connect();
      } catch (error) {
        fail(sentence(error));
      }
    },
    stop: async () => {
      if (!isOn()) return;
      release();
      set({ phase: 'finishing', level: 0 });
      try {
        await lastWords();
        const made = await finish();
        const open = socket;
        socket = null;
        open?.close(1000);
        set({
          ...QUIET,
          finished: made?.id ?? null,
          problem: made ? null : 'Nothing was heard, so nothing was kept.',
        });
        if (made) queries.setQueryData(['companion', 'conversation', made.id], made);
        await queries.invalidateQueries({ queryKey: ['companion', 'conversations'] });
      } catch (error) {
        // What was recorded is safe on the server, which finishes it by itself after two minutes of silence.
        socket?.close(1000);
        socket = null;
        set({ ...QUIET, problem: `${sentence(error)} What you said is kept, and appears here soon.` });
      }
    },
    forget: () => set({ problem: null, finished: null }),
  };
}

export const useListening = (recorder: Recorder): Listening =>
  useSyncExternalStore(recorder.subscribe, recorder.state);
