import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { OperatorCaller } from '../../src/apps/support/callers.js';
import { supportErrors } from '../../src/apps/support/errors.js';
import { createSupportMetrics, type SupportMetrics } from '../../src/apps/support/metrics.js';
import type { RealtimeTimings } from '../../src/apps/support/realtime/parts.js';
import { createRealtime, type Realtime } from '../../src/apps/support/realtime/realtime.js';
import type { OperatorService } from '../../src/apps/support/services.js';
import type { OperatorRole, SupportTables } from '../../src/apps/support/tables.js';
import { withTables } from '../../src/platform/database/database.js';
import { memoryPresence } from '../../src/platform/presence/memory/index.js';
import { openRedisPresence } from '../../src/platform/presence/redis/index.js';
import type { Stack } from './servers.js';
import { type MadeApp, type SupportApp, type SupportAppOptions, startSupportApp } from './support-app.js';

/** Operators by token, for sockets under test. */
export interface FakeOperators extends OperatorService {
  /** @returns a token that lasts for so long */
  admit(
    appId: string,
    more?: { readonly role?: OperatorRole; readonly operatorId?: string; readonly lastsMs?: number },
  ): { readonly token: string; readonly operatorId: string };
}

export function fakeOperators(): FakeOperators {
  const callers = new Map<string, OperatorCaller>();
  return {
    admit: (appId, { role = 'AGENT', operatorId = randomUUID(), lastsMs = 900_000 } = {}) => {
      const token = `operator.${randomUUID()}.token`;
      const expiresAt = Date.now() + lastsMs;
      callers.set(token, { kind: 'operator', appId, operatorId, email: 'a@example.test', role, expiresAt });
      return { token, operatorId };
    },
    verifyAccessToken: async (token) => {
      const caller = callers.get(token);
      if (!caller) throw supportErrors.invalidToken();
      if (caller.expiresAt <= Date.now()) throw supportErrors.tokenExpired();
      return caller;
    },
  };
}

/** Short times, so that tests need not wait. */
const quick: Partial<RealtimeTimings> = {
  refusalDelay: 50,
  shutdownGrace: 100,
  typingExpiry: 400,
  gapRest: 200,
};

export interface SocketNode {
  readonly app: SupportApp;
  readonly realtime: Realtime;
  readonly operators: FakeOperators;
  readonly metrics: SupportMetrics;
  stop(): Promise<void>;
}

export interface SocketNodeOptions extends SupportAppOptions {
  readonly operators?: FakeOperators;
  readonly timings?: Partial<RealtimeTimings>;
  readonly legacySockets?: boolean;
  readonly operatorOrigins?: readonly string[];
  /** Shared by the nodes of a test; presence is looked at every 50 ms. */
  readonly presencePrefix?: string;
}

/** A node of the support app with its sockets. */
export async function startSocketNode(stack: Stack, options: SocketNodeOptions = {}): Promise<SocketNode> {
  const operators = options.operators ?? fakeOperators();
  let realtime: Realtime | undefined;
  let metrics: SupportMetrics | undefined;
  const app = await startSupportApp(stack, {
    ...options,
    install: async (server, parts) => {
      const { clock, config, log, metrics: all, database } = parts.platform;
      const prefix = options.presencePrefix ?? `test-${randomUUID()}:{presence}:`;
      const presence = config.REDIS_URL
        ? await openRedisPresence({ url: config.REDIS_URL, log, prefix, beatMs: 50, leaseMs: 300 })
        : memoryPresence({ log });
      metrics = createSupportMetrics(all.registry);
      const made = await createRealtime({
        clock,
        log,
        metrics,
        keys: parts.core.keys,
        operators,
        conversations: parts.core.conversations,
        messages: parts.core.messages,
        fanOut: parts.fanOut,
        events: parts.platform.events,
        presence,
        appExists: async (appId) =>
          (await withTables<SupportTables>(database.read)
            .selectFrom('support_apps')
            .select('id')
            .where('id', '=', appId)
            .executeTakeFirst()) !== undefined,
        allowedOrigins: options.operatorOrigins ?? [],
        legacySockets: options.legacySockets ?? true,
        timings: { ...quick, ...options.timings },
      });
      made.attach(server);
      server.addHook('preClose', async () => {
        await made.close();
        await presence.close();
      });
      realtime = made;
      await options.install?.(server, parts);
    },
  });
  if (!realtime || !metrics) throw new Error('the sockets were not installed');
  return { app, realtime, operators, metrics, stop: app.stop };
}

/** Everything a socket was told, in order. */
export interface Heard {
  readonly events: { readonly name: string; readonly payload: unknown }[];
  /** The payloads of one event. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of every shape
  of(name: string): any[];
  /** Waits for the n-th of an event. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of every shape
  next(name: string, count?: number): Promise<any>;
}

function heard(events: Heard['events']): Heard {
  const of = (name: string) => events.filter((event) => event.name === name).map((event) => event.payload);
  return {
    events,
    of,
    next: async (name, count = 1) => {
      await vi.waitFor(() => expect(of(name).length, `${name} was heard`).toBeGreaterThanOrEqual(count), {
        timeout: 5_000,
        interval: 5,
      });
      return of(name)[count - 1];
    },
  };
}

/** A socket through the usual client library. */
export interface LibrarySocket extends Heard {
  readonly socket: Socket;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  ask(event: string, ...payload: unknown[]): Promise<any>;
  /** The text of the CONNECT_ERROR. */
  refusal(): Promise<string>;
}

export function librarySocket(
  url: string,
  namespace: string,
  auth: Readonly<Record<string, unknown>>,
  options: { readonly path?: string; readonly origin?: string } = {},
): LibrarySocket {
  const socket = io(url + namespace, {
    path: options.path ?? '/v1/socket.io',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth,
    ...(options.origin ? { extraHeaders: { origin: options.origin } } : {}),
  });
  const events: Heard['events'] = [];
  socket.onAny((name: string, payload: unknown) => void events.push({ name, payload }));
  const refused = new Promise<string>((resolve) => {
    socket.on('connect_error', (error) => resolve(error.message));
  });
  return {
    ...heard(events),
    socket,
    ask: (event, ...payload) => socket.timeout(5_000).emitWithAck(event, ...payload),
    refusal: () => refused,
  };
}

/** A device's socket. */
export const deviceSocket = (node: SocketNode, app: MadeApp, deviceId: string): LibrarySocket =>
  librarySocket(node.app.url, '/client', {
    app_id: app.appId,
    device_id: deviceId,
    api_key: app.apiKey,
  });

/** An operator's socket. */
export const operatorSocket = (node: SocketNode, appId: string, token: string): LibrarySocket =>
  librarySocket(node.app.url, '/admin', { app_id: appId, admin_token: token });

/** A WebSocket, text for text. */
export interface RawSocket {
  readonly socket: WebSocket;
  readonly frames: string[];
  send(text: string): void;
  /** Waits for a frame that begins so, and takes it off. */
  take(beginning: string): Promise<string>;
  /** The close code, once it is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export async function rawSocket(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<RawSocket> {
  const socket = new WebSocket(url.replace('http', 'ws') + path, { headers });
  const frames: string[] = [];
  socket.on('message', (data) => void frames.push(String(data)));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return {
    socket,
    frames,
    closed,
    send: (text) => socket.send(text),
    take: async (beginning) => {
      await vi.waitFor(
        () =>
          expect(
            frames.some((frame) => frame.startsWith(beginning)),
            beginning,
          ).toBe(true),
        { timeout: 5_000, interval: 5 },
      );
      return frames.splice(
        frames.findIndex((frame) => frame.startsWith(beginning)),
        1,
      )[0] as string;
    },
  };
}

/** What an upgrade that is refused answers with. */
export const refusedUpgrade = (url: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws') + path);
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('open', () => reject(new Error('the upgrade was accepted')));
    socket.once('error', reject);
  });
