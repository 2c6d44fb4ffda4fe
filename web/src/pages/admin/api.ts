import type { WireMessage } from '../../chat/messages.ts';
import { request, ServerRefusal } from '../../server/request.ts';
import {
  accessToken,
  endSession,
  type Operator,
  postJson,
  type Role,
  rejectToken,
  type SessionAnswer,
} from './session.ts';

export type ConversationStatus = 'open' | 'resolved';

/** A conversation as the inbox lists it (contract §11.1). */
export interface WireConversation {
  readonly conversation_id: string;
  readonly user_id: string | null;
  readonly device_id: string;
  readonly status: ConversationStatus;
  readonly updated_at: string;
  readonly created_at: string;
  readonly device_context: Readonly<Record<string, unknown>>;
  readonly last_message: string | null;
  readonly last_sender: WireMessage['sender'] | null;
  readonly last_message_at: string | null;
  readonly is_online: boolean;
  readonly display_name: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly assignee_id: string | null;
  readonly unread_count: number;
}

export interface ConversationPage {
  readonly conversations: readonly WireConversation[];
  readonly next_cursor: string | null;
}

export interface ConversationQuery {
  readonly status?: ConversationStatus | undefined;
  readonly assignee_id?: string | undefined;
  readonly search?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface ThreadPage {
  readonly messages: readonly WireMessage[];
  readonly has_more: boolean;
  readonly next_cursor: number | null;
}

export interface Teammate {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly is_active: boolean;
}

export interface Person {
  readonly user_key: string;
  readonly user_id: string | null;
  readonly conversation_count: number;
  readonly primary_conversation_id: string | null;
  readonly last_message: string | null;
  readonly last_seen_at: string | null;
  readonly created_at: string | null;
  readonly is_online: boolean;
  readonly display_name: string;
  readonly name: string | null;
  readonly email: string | null;
}

export interface PersonDetail {
  readonly user: {
    readonly user_key: string;
    readonly user_id: string | null;
    readonly display_name: string;
    readonly name: string | null;
    readonly email: string | null;
    readonly attributes: Readonly<Record<string, unknown>> | null;
    readonly device_context: Readonly<Record<string, unknown>> | null;
    readonly devices: readonly { readonly device_id: string; readonly platform: string }[];
    readonly created_at: string | null;
    readonly last_seen_at: string | null;
    readonly is_online: boolean;
  };
  readonly conversations: readonly {
    readonly id: string;
    readonly status: ConversationStatus;
    readonly updated_at: string;
    readonly last_message: string | null;
  }[];
}

export interface CannedReply {
  readonly id: string;
  readonly shortcut: string;
  readonly body: string;
}

export interface Member extends Teammate {
  readonly created_at: string;
  readonly last_seen_at: string | null;
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expires_at: string;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

export interface AppSettings {
  readonly name: string;
  readonly message_retention_days: number | null;
  readonly event_retention_days: number | null;
  readonly push_enabled: boolean;
  readonly push_quiet_hours: boolean;
  readonly grace_seconds: number;
  readonly legal_hold: boolean;
}

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly isActive: boolean;
  readonly createdAt: string;
}

export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly httpStatus: number | null;
  readonly responseBody: string | null;
  readonly attempts: number;
  readonly createdAt: string;
}

export interface Period {
  readonly startDate: string;
  readonly endDate: string;
}

/** Counts per day, days without any left out. */
export type Timeline = readonly { readonly timestamp: string; readonly count: number }[];

export type TopEvents = readonly { readonly eventName: string; readonly count: number }[];

export interface MessageVolumes {
  readonly timeline: readonly {
    readonly timestamp: string;
    readonly received: number;
    readonly sent: number;
  }[];
}

export interface ResponseTimes {
  readonly answered: number;
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
  readonly waiting: number;
  readonly timeline: readonly { readonly timestamp: string; readonly medianSeconds: number | null }[];
}

/** A request in the operator's name; a token that is not taken is renewed once, a second refusal ends the session. */
async function authorized(path: string, init: RequestInit = {}): Promise<Response> {
  const ask = (token: string) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return request(path, { ...init, headers });
  };
  const token = await accessToken();
  try {
    return await ask(token);
  } catch (error) {
    if (!(error instanceof ServerRefusal) || error.status !== 401) throw error;
    rejectToken(token);
  }
  try {
    return await ask(await accessToken());
  } catch (error) {
    if (error instanceof ServerRefusal && error.status === 401) endSession(error.message);
    throw error;
  }
}

async function get<T>(path: string, query: object = {}, signal?: AbortSignal): Promise<T> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  const answer = await authorized(text ? `${path}?${text}` : path, signal ? { signal } : {});
  return (await answer.json()) as T;
}

async function tell<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await authorized(path, body === undefined ? { method } : postJson(body, method));
  return (await answer.json()) as T;
}

async function open(path: string, body: unknown): Promise<SessionAnswer> {
  return (await (await request(path, postJson(body))).json()) as SessionAnswer;
}

const part = encodeURIComponent;
const settings = '/admin/settings';
const analytics = '/admin/analytics';

/** Signing in and up; these need no token. */
export const auth = {
  signIn: (email: string, password: string) => open('/admin/auth/login', { email, password }),
  signUp: (email: string, password: string, appName: string) =>
    open('/admin/auth/signup', { email, password, appName }) as Promise<
      SessionAnswer & {
        readonly app: { readonly id: string; readonly name: string; readonly api_key: string };
      }
    >,
  acceptInvitation: (token: string, email: string, password: string) =>
    open('/admin/auth/accept-invite', { token, email, password }),
};

export const api = {
  profile: (signal?: AbortSignal) =>
    get<{ readonly user: Operator; readonly app: { readonly id: string; readonly name: string } }>(
      '/admin/auth/me',
      {},
      signal,
    ),
  changePassword: (current: string, next: string) =>
    tell<SessionAnswer>('POST', '/admin/auth/password', { current_password: current, new_password: next }),

  conversations: (query: ConversationQuery, signal?: AbortSignal) =>
    get<ConversationPage>('/admin/api/conversations', query, signal),
  conversation: (id: string) => get<WireConversation>(`/admin/api/conversations/${part(id)}`),
  changeConversation: (
    id: string,
    change: { readonly status?: ConversationStatus; readonly assignee_id?: string | null },
  ) => tell<WireConversation>('PATCH', `/admin/api/conversations/${part(id)}`, change),
  /** `cursor` reads upwards, `after_sequence` downwards; neither gives the newest page. */
  thread: (
    id: string,
    query: { readonly limit: number; readonly cursor?: number; readonly after_sequence?: number },
  ) => get<ThreadPage>(`/admin/api/conversations/${part(id)}/messages`, query),
  send: (id: string, localId: string, body: string) =>
    tell<{ readonly message: WireMessage }>('POST', `/admin/api/conversations/${part(id)}/messages`, {
      body,
      local_id: localId,
    }),
  read: (id: string, upTo: string) =>
    tell<unknown>('POST', `/admin/api/conversations/${part(id)}/read`, { up_to_message_id: upTo }),

  operators: async (signal?: AbortSignal) =>
    (await get<{ readonly operators: readonly Teammate[] }>('/admin/api/operators', {}, signal)).operators,
  people: (query: { readonly search?: string; readonly cursor?: string }, signal?: AbortSignal) =>
    get<{ readonly users: readonly Person[]; readonly next_cursor: string | null }>(
      '/admin/api/users',
      { ...query, limit: 50 },
      signal,
    ),
  person: (key: string, signal?: AbortSignal) =>
    get<PersonDetail>(`/admin/api/users/${part(key)}`, {}, signal),

  cannedReplies: async (signal?: AbortSignal) =>
    (await get<{ readonly canned_replies: readonly CannedReply[] }>(`${settings}/canned-replies`, {}, signal))
      .canned_replies,
  createCannedReply: (reply: Omit<CannedReply, 'id'>) =>
    tell<unknown>('POST', `${settings}/canned-replies`, reply),
  changeCannedReply: ({ id, ...reply }: CannedReply) =>
    tell<unknown>('PUT', `${settings}/canned-replies/${part(id)}`, reply),
  removeCannedReply: (id: string) => tell<unknown>('DELETE', `${settings}/canned-replies/${part(id)}`),

  team: (signal?: AbortSignal) =>
    get<{ readonly members: readonly Member[]; readonly invitations: readonly Invitation[] }>(
      `${settings}/team`,
      {},
      signal,
    ),
  invite: (email: string, role: Role) =>
    tell<{ readonly invitation: Invitation; readonly url: string }>('POST', `${settings}/team/invite`, {
      email,
      role,
    }),
  withdrawInvitation: (id: string) => tell<unknown>('DELETE', `${settings}/team/invitations/${part(id)}`),
  changeMember: (id: string, change: { readonly role?: Role; readonly is_active?: boolean }) =>
    tell<unknown>('PATCH', `${settings}/team/${part(id)}`, change),
  removeMember: (id: string) => tell<unknown>('DELETE', `${settings}/team/${part(id)}`),

  apiKeys: async (signal?: AbortSignal) =>
    (await get<{ readonly api_keys: readonly ApiKey[] }>(`${settings}/api-keys`, {}, signal)).api_keys,
  createApiKey: (name: string, expiresAt: string | null) =>
    tell<ApiKey & { readonly api_key: string }>('POST', `${settings}/api-keys`, {
      name,
      expires_at: expiresAt,
    }),
  rotateApiKey: (id: string, graceSeconds: number) =>
    tell<{ readonly api_key: string; readonly previous_valid_until: string | null }>(
      'POST',
      `${settings}/api-keys/${part(id)}/regenerate`,
      { grace_seconds: graceSeconds },
    ),
  revokeApiKey: (id: string) => tell<unknown>('DELETE', `${settings}/api-keys/${part(id)}`),

  settings: (signal?: AbortSignal) => get<AppSettings>(`${settings}/app`, {}, signal),
  changeSettings: (change: Partial<AppSettings>) => tell<AppSettings>('PUT', `${settings}/app`, change),

  webhooks: async (signal?: AbortSignal) =>
    (await get<{ readonly webhooks: readonly Webhook[] }>('/admin/webhooks', {}, signal)).webhooks,
  createWebhook: (url: string, events: readonly string[]) =>
    tell<Webhook & { readonly secret: string }>('POST', '/admin/webhooks', { url, events }),
  changeWebhook: (id: string, change: Partial<Pick<Webhook, 'url' | 'events' | 'isActive'>>) =>
    tell<Webhook>('PUT', `/admin/webhooks/${part(id)}`, change),
  removeWebhook: (id: string) => tell<unknown>('DELETE', `/admin/webhooks/${part(id)}`),
  testWebhook: (id: string) =>
    tell<{
      readonly success: boolean;
      readonly httpStatus: number | null;
      readonly responseBody: string | null;
    }>('POST', `/admin/webhooks/${part(id)}/test`),
  deliveries: async (id: string, signal?: AbortSignal) =>
    (
      await get<{ readonly deliveries: readonly Delivery[] }>(
        `/admin/webhooks/${part(id)}/deliveries`,
        { limit: 50 },
        signal,
      )
    ).deliveries,
  retryDelivery: (id: string, deliveryId: string) =>
    tell<unknown>('POST', `/admin/webhooks/${part(id)}/deliveries/${part(deliveryId)}/retry`),

  topEvents: async (period: Period, signal?: AbortSignal) =>
    (
      await get<{ readonly topEvents: TopEvents }>(
        `${analytics}/events/top`,
        { ...period, limit: 10 },
        signal,
      )
    ).topEvents,
  eventTimeline: async (eventName: string, period: Period, signal?: AbortSignal) =>
    (
      await get<{ readonly timeline: Timeline }>(
        `${analytics}/events/timeline`,
        { ...period, eventName, interval: 'day' },
        signal,
      )
    ).timeline,
  messageVolumes: (period: Period, signal?: AbortSignal) =>
    get<MessageVolumes>(`${analytics}/messages/timeline`, { ...period, interval: 'day' }, signal),
  responseTimes: (period: Period, signal?: AbortSignal) =>
    get<ResponseTimes>(`${analytics}/response-times`, { ...period, interval: 'day' }, signal),
  stats: (signal?: AbortSignal) =>
    get<{
      readonly open_conversations: number;
      readonly resolved_conversations: number;
      readonly online_conversations: number;
    }>('/admin/api/dashboard/stats', {}, signal),
};
