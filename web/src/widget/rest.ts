import type { MessageStatus, WireMessage } from '../chat/messages.ts';
import type { WidgetConfig } from './config.ts';
import type { ChatUser } from './storage.ts';

/** The server answered with a refusal. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: string,
    /** Milliseconds to wait before another try. */
    readonly retryAfterMs: number,
  ) {
    super(`${status} ${code}`);
  }
}

export interface WireConversation {
  readonly id: string;
  readonly status: 'open' | 'resolved';
}

interface SyncPage {
  readonly messages: readonly WireMessage[];
  readonly last_sequence: number;
  readonly has_more: boolean;
}

export interface TrackedEvent {
  readonly userId: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const sdkVersion = '1.0.0';
const timeoutMs = 20_000;

function browserName(): string {
  const agent = navigator.userAgent;
  const known = [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ] as const;
  return known.find(([mark]) => agent.includes(mark))?.[1] ?? 'Browser';
}

function systemName(): string {
  const agent = navigator.userAgent;
  const known = [
    [/iPhone|iPad|iPod/, 'iOS'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux|X11/, 'Linux'],
  ] as const;
  return known.find(([mark]) => mark.test(agent))?.[1] ?? 'Unknown';
}

const deviceContext = () => ({
  platform: 'web',
  os_version: systemName(),
  device_model: browserName(),
  locale: navigator.language,
  timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  sdk_version: sdkVersion,
});

const wireUser = ({ id, name, email, attributes }: ChatUser) => ({
  id,
  name: name ?? null,
  email: email ?? null,
  attributes: attributes ?? {},
});

/** The SDK surface of the support API, as the mobile SDK calls it. Every call throws Refusal, or whatever fetch throws. */
export function createRest(config: WidgetConfig, deviceId: () => string) {
  const ask = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${config.server}/v1${path}`, {
      method,
      credentials: 'omit',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'X-App-Id': config.appId,
        'X-Device-Id': deviceId(),
        'X-Api-Key': config.apiKey,
        'X-SDK-Version': sdkVersion,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return (await response.json()) as T;
    const said = (await response.json().catch(() => ({}))) as { code?: unknown; retry_after?: unknown };
    const seconds = Number(said.retry_after ?? response.headers.get('retry-after'));
    throw new Refusal(
      response.status,
      typeof said.code === 'string' ? said.code : '',
      Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0,
    );
  };
  const conversation = (id: string) => `/conversations/${encodeURIComponent(id)}`;

  return {
    identify: (user: ChatUser) => ask<unknown>('POST', '/identify', { user: wireUser(user) }),
    openConversation: async (user: ChatUser | null): Promise<WireConversation> => {
      const body = { ...(user ? { user: wireUser(user) } : {}), device_context: deviceContext() };
      return (await ask<{ conversation: WireConversation }>('POST', '/conversations', body)).conversation;
    },
    send: async (id: string, localId: string, body: string): Promise<WireMessage> =>
      (
        await ask<{ message: WireMessage }>('POST', `${conversation(id)}/messages`, {
          local_id: localId,
          body,
        })
      ).message,
    sync: (id: string, afterSequence: number) =>
      ask<SyncPage>('GET', `${conversation(id)}/sync?after_sequence=${afterSequence}&limit=100`),
    delivered: (id: string, messageIds: readonly string[]) =>
      ask<unknown>('POST', `${conversation(id)}/messages/delivered`, { message_ids: messageIds }),
    read: (id: string, upTo: string) =>
      ask<unknown>('POST', `${conversation(id)}/messages/read`, { up_to_message_id: upTo }),
    track: ({ userId, name, properties }: TrackedEvent) =>
      ask<unknown>('POST', '/events/track', {
        user_id: userId,
        event_name: name,
        properties,
        platform: 'web',
      }),
  };
}

/** `message:status` of contract §4.5; either name may be absent. */
export interface WireStatus {
  readonly id?: string;
  readonly message_id?: string;
  readonly status: MessageStatus;
}
