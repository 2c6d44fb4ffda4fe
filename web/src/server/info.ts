import { queryOptions } from '@tanstack/react-query';
import { request } from './request.ts';

export type AppName = 'companion' | 'stories' | 'voice' | 'speech' | 'support';

export interface AppInfo {
  readonly name: AppName;
  readonly title: string;
  readonly summary: string;
  readonly path: string | null;
}

export interface SpeechEngine {
  readonly engine: string | null;
  readonly formats: readonly string[];
  readonly voices: readonly string[];
  readonly models: readonly string[];
  /** Unicode code points. */
  readonly maxCharacters: number;
}

export interface Engine {
  readonly engine: string | null;
}

/** GET /api/server. */
export interface ServerInfo {
  readonly name: string;
  readonly version: string;
  readonly nodes: 'one' | 'many';
  readonly apps: readonly AppInfo[];
  readonly engines: {
    readonly speech: SpeechEngine;
    readonly transcription: Engine;
    readonly text: Engine;
    readonly image: Engine;
  };
  readonly addresses: readonly string[];
  readonly listensOnLoopbackOnly: boolean;
  readonly secure: boolean;
  readonly retentionHours: number;
}

export const serverInfo = queryOptions({
  queryKey: ['server'],
  queryFn: async ({ signal }) => (await (await request('/api/server', { signal })).json()) as ServerInfo,
  staleTime: 60_000,
});

/** Asks every ten seconds, and more often while there is no answer; `data` is the answer's delay in milliseconds. */
export const serverHealth = queryOptions({
  queryKey: ['health'],
  queryFn: async ({ signal }) => {
    const asked = performance.now();
    await request('/health', { signal, cache: 'no-store' });
    return Math.max(1, Math.round(performance.now() - asked));
  },
  refetchInterval: (query) => (query.state.status === 'error' ? 3_000 : 10_000),
  retry: false,
  networkMode: 'always',
});
