import type { Clock } from '../../src/platform/clock.js';
import { uuidV4 } from '../../src/platform/ids.js';
import type { Platform } from '../../src/platform/platform.js';
import { layGround, type Stack, startServer } from './servers.js';
import { type Answer, call } from './speech-client.js';

/** A whole server with the voice app. */
export interface VoiceApp {
  /** Without a slash at the end. */
  readonly url: string;
  readonly platform: Platform;
  /** Every line that was logged, at every level. */
  readonly logged: readonly string[];
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A new user of this server, with a session's token and a key for the voice app. */
  signUp(): Promise<{
    readonly userId: string;
    readonly token: string;
    readonly key: string;
    readonly keyId: string;
  }>;
  /** How many answers the console tells whoever holds this token. */
  answersOf(token: string): Promise<number>;
  stop(): Promise<void>;
}

export interface VoiceAppOptions {
  readonly stack?: Stack;
  /** Without `OPENAI_BASE_URL` everything is answered by the builtin engines. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

/** Starts a server with the voice app on a free port of the loopback address. */
export async function startVoiceApp(options: VoiceAppOptions = {}): Promise<VoiceApp> {
  const { stack = 'SQLite and files', environment, clock } = options;
  const ground = await layGround(stack);
  const server = await startServer(
    ground,
    { APPS: 'voice', VOICE_REQUESTS_PER_MINUTE: '100000', ...environment },
    clock ? { clock } : {},
  );
  const { platform } = server.built;
  return {
    url: server.url,
    platform,
    logged: server.logged,
    get: (path, headers = {}) => call(`${server.url}${path}`, { headers }),
    post: (path, body, headers = {}) => call(`${server.url}${path}`, { method: 'POST', body, headers }),
    signUp: async () => {
      const userId = await platform.users.signIn({ issuer: 'test', subject: uuidV4() });
      const { key, record } = await platform.apiKeys.create({
        userId,
        kind: 'voice',
        name: 'test',
        prefix: 'earshot_sk_',
      });
      return { userId, token: await platform.sessionTokens.issue(userId), key, keyId: record.id };
    },
    answersOf: async (token) => {
      const { json } = await call(`${server.url}/api/account/usage`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return json.apps[0].series[0].total;
    },
    stop: async () => {
      await server.stop();
      await ground.remove();
    },
  };
}
