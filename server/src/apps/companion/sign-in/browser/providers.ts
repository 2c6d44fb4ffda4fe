import { readFileSync } from 'node:fs';
import type { Config } from '../../../../config.js';
import type { Clock } from '../../../../platform/clock.js';
import { type AppError, errors } from '../../../../platform/http/errors.js';
import { appleClientSecrets } from '../../../../platform/identity/apple/client-secret.js';

export type ProviderName = 'google' | 'apple';

/** What a provider vouches with; the app hands it on to Firebase. */
export interface ProviderTokens {
  readonly idToken: string;
  /** The empty text where the provider gives none. */
  readonly accessToken: string;
}

/** Somebody who vouches for people in a browser (OAuth 2.0 authorization code flow). */
export interface Provider {
  /** As Firebase calls it. */
  readonly id: 'google.com' | 'apple.com';
  /** Where the browser is sent. `state` comes back with the code. */
  authorizeUrl(state: string, callback: string): string;
  /** @throws AppError 502, 503, 504 */
  exchange(code: string, callback: string): Promise<ProviderTokens>;
}

const TIMEOUT_MS = 15_000;

/** The providers that this server's operator has registered with. */
export function createProviders(config: Config, clock: Clock): ReadonlyMap<ProviderName, Provider> {
  const providers = new Map<ProviderName, Provider>();
  const { GOOGLE_CLIENT_ID: googleId, GOOGLE_CLIENT_SECRET: googleSecret } = config;
  if (googleId && googleSecret) {
    providers.set('google', {
      id: 'google.com',
      authorizeUrl: (state, callback) =>
        withQuery(config.GOOGLE_AUTHORIZE_URL, {
          client_id: googleId,
          redirect_uri: callback,
          response_type: 'code',
          scope: 'openid email profile',
          state,
        }),
      exchange: (code, callback) =>
        exchange(config.GOOGLE_TOKEN_URL, {
          client_id: googleId,
          client_secret: googleSecret,
          code,
          grant_type: 'authorization_code',
          redirect_uri: callback,
        }),
    });
  }
  const { APPLE_SERVICES_ID: appleId, APPLE_TEAM_ID: team, APPLE_KEY_ID: keyId } = config;
  if (appleId && team && keyId && config.APPLE_PRIVATE_KEY_FILE) {
    const clientSecret = appleClientSecrets(
      {
        clientId: appleId,
        teamId: team,
        keyId,
        privateKey: readFileSync(config.APPLE_PRIVATE_KEY_FILE),
      },
      clock,
    );
    providers.set('apple', {
      id: 'apple.com',
      authorizeUrl: (state, callback) =>
        withQuery(config.APPLE_AUTHORIZE_URL, {
          client_id: appleId,
          redirect_uri: callback,
          response_type: 'code',
          // Apple demands it wherever a name or an address is asked for.
          response_mode: 'form_post',
          scope: 'name email',
          state,
        }),
      exchange: async (code, callback) =>
        exchange(config.APPLE_TOKEN_URL, {
          client_id: appleId,
          client_secret: await clientSecret(),
          code,
          grant_type: 'authorization_code',
          redirect_uri: callback,
        }),
    });
  }
  return providers;
}

const withQuery = (address: string, query: Readonly<Record<string, string>>): string =>
  `${address}?${new URLSearchParams(query)}`;

async function exchange(url: string, form: Readonly<Record<string, string>>): Promise<ProviderTokens> {
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw cause instanceof Error && cause.name === 'TimeoutError'
      ? errors.upstreamTimeout('The sign-in provider did not answer in time.', { cause })
      : errors.upstreamUnavailable('The sign-in provider cannot be reached.', { cause });
  });
  if (!answer.ok) throw refused();
  const tokens: unknown = await answer.json().catch((cause: unknown) => {
    throw refused(cause);
  });
  if (typeof tokens !== 'object' || tokens === null) throw refused();
  const { id_token: idToken, access_token: accessToken } = tokens as Record<string, unknown>;
  if (typeof idToken !== 'string' || idToken === '') throw refused();
  return { idToken, accessToken: typeof accessToken === 'string' ? accessToken : '' };
}

const refused = (cause?: unknown): AppError =>
  errors.upstreamFailed('The sign-in provider did not accept the sign-in.', { cause });
