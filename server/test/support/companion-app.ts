import type { Clock } from '../../src/platform/clock.js';
import { uuidV4 } from '../../src/platform/ids.js';
import type { Media } from '../../src/platform/media/media.js';
import type { Platform } from '../../src/platform/platform.js';
import { type Ground, layGround, type Stack, startServer } from './servers.js';
import { type Answer, call } from './speech-client.js';

/** One signed-in person, speaking to the companion app as the mobile app does: `Content-Type: application/json` always. */
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
  /** Every line that was logged, at every level. */
  readonly logged: readonly string[];
  /** A new user of this server, without the cost of hashing a password. */
  signUp(): Promise<CompanionUser>;
  /** The same user on another device, or on another node. */
  as(userId: string): Promise<CompanionUser>;
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
  const as = async (userId: string) =>
    companionUser(server.url, userId, await platform.sessionTokens.issue(userId));
  return {
    url: server.url,
    ground,
    platform,
    logged: server.logged,
    as,
    signUp: async () => as(await platform.users.signIn({ issuer: 'test', subject: uuidV4() })),
    stop: async () => {
      await server.stop();
      if (!options.ground) await ground.remove();
    },
  };
}

export function companionUser(url: string, userId: string, token: string): CompanionUser {
  const authorization = `Bearer ${token}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const send =
    (method: string) =>
    (path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> =>
      call(`${url}/${path}`, {
        method,
        headers: { ...headers, ...more },
        ...(body === undefined ? {} : { body }),
      });
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
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.startsWith('application/json');
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        json: isJson ? JSON.parse(text) : undefined,
      };
    },
  };
}
