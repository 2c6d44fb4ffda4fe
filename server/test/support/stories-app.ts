import type { Clock } from '../../src/platform/clock.js';
import { uuidV4 } from '../../src/platform/ids.js';
import type { Media } from '../../src/platform/media/media.js';
import type { Platform } from '../../src/platform/platform.js';
import { type Ground, layGround, type Stack, startServer } from './servers.js';
import { type Answer, call } from './speech-client.js';

/** One signed-in family, speaking to the stories app as the iOS app does: `Content-Type: application/json` always. */
export interface StoriesUser {
  readonly userId: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Paths without a prefix go to `/api/v1`: `get('heroes')`. Ones that begin with `/` are taken as they are. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** A hero that is complete; the answer's `data`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  hero(more?: Readonly<Record<string, unknown>>): Promise<any>;
  /** A story that is stored as it is, without an engine; the answer's `data`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  story(heroId: string, more?: Readonly<Record<string, unknown>>): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  event(more?: Readonly<Record<string, unknown>>): Promise<any>;
}

/** A whole server with the stories app. */
export interface StoriesApp {
  /** Without a slash at the end. */
  readonly url: string;
  readonly ground: Ground;
  readonly platform: Platform;
  /** Every line that was logged, at every level. */
  readonly logged: readonly string[];
  /** A new user of this server, without the cost of hashing a password. */
  signUp(): Promise<StoriesUser>;
  /** A new e-mail account, made as the iOS app makes one. */
  register(email?: string): Promise<StoriesUser>;
  /** The same user on another device, or on another node. */
  as(userId: string): Promise<StoriesUser>;
  /** Stops the server; the ground stays when it was brought along. */
  stop(): Promise<void>;
}

export interface StoriesAppOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly media?: Media;
  /** A ground to share, for example with a second node; else one is laid and removed again. */
  readonly ground?: Ground;
}

/** Starts a server with the stories app on a free port of the loopback address. */
export async function startStoriesApp(stack: Stack, options: StoriesAppOptions = {}): Promise<StoriesApp> {
  const ground = options.ground ?? (await layGround(stack));
  const { clock, media } = options;
  const server = await startServer(
    ground,
    { APPS: 'stories', RATE_LIMIT_MAX: '100000', ...options.environment },
    { ...(clock ? { clock } : {}), ...(media ? { media } : {}) },
  );
  const { platform } = server.built;
  const as = async (userId: string) =>
    storiesUser(server.url, userId, await platform.sessionTokens.issue(userId));
  return {
    url: server.url,
    ground,
    platform,
    logged: server.logged,
    as,
    signUp: async () => as(await platform.users.signIn({ issuer: 'test', subject: uuidV4() })),
    register: async (email = `parent-${uuidV4()}@example.com`) => {
      const { status, text, json } = await call(`${server.url}/api/auth/sign-up/email`, {
        method: 'POST',
        body: { email, password: 'a long enough password', name: 'A parent' },
      });
      if (status !== 200) throw new Error(`sign-up answered ${status}: ${text}`);
      return storiesUser(server.url, json.user.id, json.token);
    },
    stop: async () => {
      await server.stop();
      if (!options.ground) await ground.remove();
    },
  };
}

export function storiesUser(url: string, userId: string, token: string): StoriesUser {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const send = (method: string, path: string, body: unknown, more: Record<string, string> = {}) =>
    call(`${url}${path.startsWith('/') ? path : `/api/v1/${path}`}`, {
      method,
      headers: { ...headers, ...more },
      ...(body === undefined ? {} : { body }),
    });
  const made = async (path: string, body: Readonly<Record<string, unknown>>) => {
    const answer = await send('POST', path, body);
    if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer.json.data;
  };
  return {
    userId,
    token,
    headers,
    get: (path, more) => send('GET', path, undefined, more),
    post: (path, body, more) => send('POST', path, body, more),
    patch: (path, body, more) => send('PATCH', path, body, more),
    delete: (path, more) => send('DELETE', path, undefined, more),
    hero: (more = {}) =>
      made('heroes', {
        name: 'Luna',
        age: 6,
        traits: ['Brave', 'Curious'],
        specialAbilities: ['Flying'],
        ...more,
      }),
    story: (heroId, more = {}) =>
      made('stories', {
        heroId,
        title: 'The quiet lighthouse',
        content:
          'Once upon a time there was a lighthouse that hummed. Then it was night, and everybody slept.',
        language: 'English',
        ...more,
      }),
    event: (more = {}) =>
      made('custom-events', { title: 'First day at the pool', promptSeed: 'Learning to float', ...more }),
  };
}
