import { queryOptions } from '@tanstack/react-query';
import { request } from '../../server/request.ts';
import type { Account, ActionItem, ApiKey, Conversation, Memory, Message, Person } from './shapes.ts';

/** Asks the companion with this browser's session, which is a cookie that scripts cannot read. */
export const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  request(path, { credentials: 'same-origin', ...init });

/** Asks with a JSON body. */
export const send = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Response> =>
  ask(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

async function read<T>(path: string, signal: AbortSignal): Promise<T> {
  return (await (await ask(path, { signal })).json()) as T;
}

/** Who is signed in; null for nobody. */
export const account = queryOptions({
  queryKey: ['companion', 'account'],
  queryFn: async ({ signal }) => {
    const session = await read<{ readonly user?: Account } | null>('/api/auth/get-session', signal);
    return session?.user ?? null;
  },
  staleTime: 60_000,
});

const PAGE = 30;

/** Conversations, newest first; asked again while one of them is being summarised. */
export const conversations = (pages: number) =>
  queryOptions({
    queryKey: ['companion', 'conversations', pages],
    queryFn: ({ signal }) =>
      read<readonly Conversation[]>(`/v1/conversations?limit=${pages * PAGE}&offset=0`, signal),
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === 'processing') ? 1_500 : false,
    placeholderData: (before) => before,
  });
export const hasMore = (list: readonly unknown[], pages: number): boolean => list.length >= pages * PAGE;

export const found = (query: string) =>
  queryOptions({
    queryKey: ['companion', 'found', query],
    queryFn: async ({ signal }) => {
      const answer = await ask('/v1/conversations/search', {
        method: 'POST',
        signal,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, page: 1, per_page: 50, include_discarded: false }),
      });
      return ((await answer.json()) as { readonly items: readonly Conversation[] }).items;
    },
    enabled: query !== '',
  });

export const conversation = (id: string) =>
  queryOptions({
    queryKey: ['companion', 'conversation', id],
    queryFn: ({ signal }) => read<Conversation>(`/v1/conversations/${id}`, signal),
    refetchInterval: ({ state }) => (state.data?.status === 'processing' ? 1_000 : false),
  });

export const actionItems = queryOptions({
  queryKey: ['companion', 'todos'],
  queryFn: async ({ signal }) =>
    (await read<{ readonly action_items: readonly ActionItem[] }>('/v1/action-items?limit=500', signal))
      .action_items,
});

export const memories = queryOptions({
  queryKey: ['companion', 'memories'],
  queryFn: ({ signal }) => read<readonly Memory[]>('/v3/memories?limit=5000&offset=0', signal),
});

export const people = queryOptions({
  queryKey: ['companion', 'people'],
  queryFn: ({ signal }) => read<readonly Person[]>('/v1/users/people?include_speech_samples=false', signal),
});

/** The chat, oldest first. */
export const messages = queryOptions({
  queryKey: ['companion', 'messages'],
  queryFn: async ({ signal }) =>
    [...(await read<readonly Message[]>('/v2/messages?app_id=', signal))].reverse(),
});

export const language = queryOptions({
  queryKey: ['companion', 'language'],
  queryFn: async ({ signal }) =>
    (await read<{ readonly language: string | null }>('/v1/users/language', signal)).language,
});

export const keys = queryOptions({
  queryKey: ['companion', 'keys'],
  queryFn: ({ signal }) => read<readonly ApiKey[]>('/v1/mcp/keys', signal),
});

export const webhookTypes = ['memory_created', 'realtime_transcript', 'day_summary'] as const;
export type WebhookType = (typeof webhookTypes)[number];

export const webhooks = queryOptions({
  queryKey: ['companion', 'webhooks'],
  queryFn: async ({ signal }) => {
    const status = await read<Readonly<Record<WebhookType, boolean>>>(
      '/v1/users/developer/webhooks/status',
      signal,
    );
    const urls = await Promise.all(
      webhookTypes.map((type) =>
        read<{ readonly url: string | null }>(`/v1/users/developer/webhook/${type}`, signal),
      ),
    );
    return webhookTypes.map((type, index) => ({
      type,
      isOn: status[type],
      url: urls[index]?.url ?? '',
    }));
  },
});
