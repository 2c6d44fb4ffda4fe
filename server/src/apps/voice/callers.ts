import type { FastifyRequest } from 'fastify';
import { errors } from '../../platform/http/errors.js';
import { bearerToken, type Caller } from '../../platform/identity/caller.js';
import type { CredentialHeaders } from '../../platform/identity/callers.js';
import type { RateLimitRule } from '../../platform/limits/rate-limits.js';
import type { Platform } from '../../platform/platform.js';
import { CLIENT_SECRET_PREFIX, type ClientSecrets } from './client-secrets/secrets.js';
import type { EngineChoice } from './engines.js';
import type { RealtimeSession } from './realtime-sessions/configuration.js';

/** What this server's own keys for the voice app are called (`platform.apiKeys`) and begin with. */
export const VOICE_KEY_KIND = 'voice';
export const VOICE_KEY_PREFIX = 'earshot_sk_';

/** Who calls the voice app. */
export interface VoiceCaller {
  readonly via: 'upstream-key' | 'api-key' | 'client-secret' | 'account' | 'nobody';
  /** A key of the caller's for the upstream. It goes nowhere else: no log, no error, no address, no disk. */
  readonly apiKey?: string;
  /** Whose account or key of this server it is; for `platform.callers.onRevoked`. */
  readonly account?: Caller;
  /** What a client secret's maker has configured for its connections, as far as they said. */
  readonly session?: RealtimeSession;
}

export interface Credentials {
  readonly headers: CredentialHeaders;
  /** A key in a body, which wins over the headers. */
  readonly key?: string | undefined;
  /** True for what changes nothing: then a cookie alone is enough. */
  readonly isSafe?: boolean;
}

/** The one place that decides who may call, for requests and for sockets alike. */
export interface VoiceCallers {
  /**
   * @throws AppError 401 for a credential that is not valid, and for nobody where somebody is needed; 429 when the key is
   * used too often
   */
  identify(credentials: Credentials): Promise<VoiceCaller>;
  /** For an `onRequest` hook, and for upgrades. @throws AppError 429 when the address calls too often */
  admit(address: string): Promise<void>;
}

/** What a key may look like: it travels in a header. */
const KEY = /^[\x21-\x7e]{1,256}$/;
/** Without an upstream of the operator's only OpenAI is asked, and its keys look like this. */
const OPENAI_KEY = /^sk-\S{20,}$/;
/** A JSON Web Token can only be meant for us; no key of an upstream looks like one. */
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

export function createVoiceCallers(
  platform: Pick<Platform, 'callers' | 'config' | 'limits' | 'secrets'>,
  secrets: ClientSecrets,
  engines: EngineChoice,
): VoiceCallers {
  const { callers, config, limits } = platform;
  const points = config.VOICE_REQUESTS_PER_MINUTE;
  const perAddress: RateLimitRule = { name: 'voice-address', points, seconds: 60 };
  const perKey: RateLimitRule = { name: 'voice-key', points, seconds: 60 };

  const limit = async (rule: RateLimitRule, key: string) => {
    const verdict = await limits.consume(rule, key);
    if (!verdict.allowed)
      throw errors.rateLimited('Too many requests. Please wait a moment.', {
        retryAfterSeconds: verdict.retryAfterSeconds,
      });
  };

  const byAccount = async (headers: CredentialHeaders, isSafe: boolean): Promise<VoiceCaller | null> => {
    try {
      const account = await callers.verify(headers, { apiKeys: [VOICE_KEY_KIND], isSafe });
      return { via: account.apiKey ? 'api-key' : 'account', account };
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  };

  const byKey = async (key: string, isInBody: boolean): Promise<VoiceCaller | null> => {
    if (key.startsWith(CLIENT_SECRET_PREFIX)) {
      const secret = await secrets.verify(key);
      if (!secret) throw errors.unauthorized('This client secret is not valid, or it has expired.');
      const { apiKey, account, session } = secret;
      return {
        via: 'client-secret',
        session,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(account ? { account } : {}),
      };
    }
    if (!KEY.test(key) && !TOKEN.test(key)) throw invalidKey();
    const ours = key.startsWith('sk-') ? null : await byAccount({ authorization: `Bearer ${key}` }, true);
    if (ours) return ours;
    if (key.startsWith(VOICE_KEY_PREFIX) || TOKEN.test(key)) throw invalidKey();
    if (config.OPENAI_BASE_URL || OPENAI_KEY.test(key)) return { via: 'upstream-key', apiKey: key };
    // SDKs insist on some key, so people write "none"; what a person has typed in is to be a key, though.
    if (isInBody) throw invalidKey();
    return null;
  };

  return {
    admit: (address) => limit(perAddress, address),
    identify: async ({ headers, key, isSafe = false }) => {
      const given = key ?? bearerToken(headers.authorization);
      if (given !== null) {
        await limit(perKey, platform.secrets.fingerprint(given));
        const caller = await byKey(given, key !== undefined);
        if (caller) return caller;
      } else if (headers.cookie) {
        const { authorization: _, ...rest } = headers;
        const caller = await byAccount(rest, isSafe);
        if (caller) return caller;
      }
      const { llm, tts, stt } = engines.available;
      if (config.REQUIRE_USER_KEY || !(llm || tts || stt)) throw errors.unauthorized('An API key is needed.');
      return { via: 'nobody' };
    },
  };
}

/** Who calls with a request's headers. */
export const callerOfRequest = (
  callers: VoiceCallers,
  { headers, method }: Pick<FastifyRequest, 'headers' | 'method'>,
  key?: string,
): Promise<VoiceCaller> => callers.identify({ headers, key, isSafe: method === 'GET' || method === 'HEAD' });

const invalidKey = () => errors.unauthorized('The API key is not valid.');

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && (error.statusCode === 401 || error.statusCode === 403);
