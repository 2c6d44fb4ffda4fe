import { createRooms, type Rooms } from '../../src/apps/companion/rooms.js';
import type { NewSegment } from '../../src/apps/companion/services.js';
import type { Clock } from '../../src/platform/clock.js';
import { uuidV4 } from '../../src/platform/ids.js';
import type { Media } from '../../src/platform/media/media.js';
import type { Platform } from '../../src/platform/platform.js';
import { readAnswer } from '../apps/companion/strict-model.js';
import { eventually, type Ground, layGround, type Stack, startServer } from './servers.js';
import { type Answer, call } from './speech-client.js';

/**
 * One signed-in person, speaking to the companion app as the mobile app does: `Content-Type: application/json` always. Every
 * answer passes the strict model of the app's parsers.
 */
export interface CompanionUser {
  readonly userId: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Paths as the contract writes them, without the first slash: `get('v1/conversations')`. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Files as the app sends them, by the names of their fields. */
  upload(
    path: string,
    files: readonly { readonly field: string; readonly name: string; readonly bytes: Uint8Array }[],
  ): Promise<Answer>;
}

/** A whole server with the companion app. */
export interface CompanionApp {
  /** Without a slash at the end. */
  readonly url: string;
  readonly ground: Ground;
  readonly platform: Platform;
  /** The app's own rooms, for what no route does: words that were heard. */
  readonly rooms: Rooms;
  /** Every line that was logged, at every level. */
  readonly logged: readonly string[];
  /** A new user of this server, without the cost of hashing a password. */
  signUp(): Promise<CompanionUser>;
  /** The same user on another device, or on another node. */
  as(userId: string): Promise<CompanionUser>;
  /** A finished conversation of some words, summarised by the server; its id. */
  recorded(user: CompanionUser, words: readonly string[], startedAt?: number): Promise<string>;
  /** A conversation in progress in which some words were said; its id. */
  talking(user: CompanionUser, words: readonly string[]): Promise<string>;
  /** Stops the server; the ground stays when it was brought along. */
  stop(): Promise<void>;
}

export interface CompanionAppOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly media?: Media;
  /** A ground to share, for example with a second node; else one is laid and removed again. */
  readonly ground?: Ground;
}

/** Starts a server with the companion app on a free port of the loopback address. */
export async function startCompanionApp(
  stack: Stack,
  options: CompanionAppOptions = {},
): Promise<CompanionApp> {
  const ground = options.ground ?? (await layGround(stack));
  const { clock, media } = options;
  const server = await startServer(
    ground,
    { APPS: 'companion', RATE_LIMIT_MAX: '100000', ...options.environment },
    { ...(clock ? { clock } : {}), ...(media ? { media } : {}) },
  );
  const { platform } = server.built;
  const rooms = createRooms(platform);
  const as = async (userId: string) =>
    companionUser(server.url, userId, await platform.sessionTokens.issue(userId));
  return {
    url: server.url,
    ground,
    platform,
    rooms,
    logged: server.logged,
    recorded: async (user, words, startedAt = platform.clock.now() - 60_000) => {
      const id = await platform.database.transaction((tx) =>
        rooms.conversations.createFromRecording(tx, user.userId, {
          startedAt,
          language: 'en',
          source: 'omi',
          segments: words.map(said),
        }),
      );
      await eventually(
        async () => (await user.get(`v1/conversations/${id}`)).json.status,
        (status) => status === 'completed',
        30_000,
      );
      return id;
    },
    talking: async (user, words) => {
      const { conversation } = await rooms.conversations.openLive(user.userId, {
        language: 'en',
        timeoutSeconds: 120,
      });
      await rooms.conversations.addSegments(
        user.userId,
        conversation.id,
        platform.clock.now() - 60_000,
        words.map(said),
      );
      return conversation.id;
    },
    as,
    signUp: async () => as(await platform.users.signIn({ issuer: 'test', subject: uuidV4() })),
    stop: async () => {
      await server.stop();
      if (!options.ground) await ground.remove();
    },
  };
}

/** Each sentence by another speaker, so that they stay apart. */
export const said = (text: string, index: number): NewSegment => ({
  text,
  speaker: `SPEAKER_0${index % 10}`,
  is_user: 0,
  person_id: null,
  start_at: index * 5,
  end_at: index * 5 + 4,
});

export function companionUser(url: string, userId: string, token: string): CompanionUser {
  const authorization = `Bearer ${token}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const send =
    (method: string) =>
    async (path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> => {
      const answer = await call(`${url}/${path}`, {
        method,
        headers: { ...headers, ...more },
        ...(body === undefined ? {} : { body }),
      });
      readAnswer(method, path, answer);
      return answer;
    };
  return {
    userId,
    token,
    headers,
    get: (path, more) => send('GET')(path, undefined, more),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    delete: send('DELETE'),
    upload: async (path, files) => {
      const form = new FormData();
      for (const { field, name, bytes } of files) form.append(field, new Blob([bytes]), name);
      const answer = await fetch(`${url}/${path}`, {
        method: 'POST',
        headers: { authorization },
        body: form,
      });
      const read = { status: answer.status, headers: answer.headers, text: await answer.text() };
      readAnswer('POST', path, read);
      const isJson = answer.headers.get('content-type')?.startsWith('application/json');
      return { ...read, json: isJson ? JSON.parse(read.text) : undefined };
    },
  };
}
