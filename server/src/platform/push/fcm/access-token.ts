import { importPKCS8, SignJWT } from 'jose';
import type { Clock } from '../../clock.js';
import { PushUnavailable } from '../push.js';
import type { ServiceAccount } from './service-account.js';

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TIMEOUT_MS = 10_000;
/** Renewed this long before the end, so that no send meets the end. */
const EARLY_MS = 5 * 60_000;
const ASSERTION_SECONDS = 3_600;

/** OAuth access tokens of a service account, kept until shortly before they end. */
export interface AccessTokens {
  /** @throws PushUnavailable */
  current(): Promise<string>;
  /** Drops a token that the service refused. */
  forget(token: string): void;
}

export function accessTokens(account: ServiceAccount, clock: Clock): AccessTokens {
  let kept: { readonly token: string; readonly until: number } | null = null;
  let coming: Promise<string> | null = null;

  const renew = async (): Promise<string> => {
    const { token, expiresInMs } = await requestToken(account, clock.now());
    kept = { token, until: clock.now() + expiresInMs - EARLY_MS };
    return token;
  };
  return {
    current: () => {
      if (kept && clock.now() < kept.until) return Promise.resolve(kept.token);
      coming ??= renew().finally(() => {
        coming = null;
      });
      return coming;
    },
    forget: (token) => {
      if (kept?.token === token) kept = null;
    },
  };
}

async function requestToken(account: ServiceAccount, now: number) {
  const issuedAt = Math.floor(now / 1_000);
  try {
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(account.clientEmail)
      .setAudience(account.tokenUri)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_SECONDS)
      .sign(await importPKCS8(account.privateKey, 'RS256'));
    const answer = await fetch(account.tokenUri, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: GRANT, assertion }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`The token address answered ${answer.status}.`);
    const body: unknown = await answer.json();
    if (!isTokenAnswer(body)) throw new Error('The token address answered with something else than a token.');
    return { token: body.access_token, expiresInMs: body.expires_in * 1_000 };
  } catch (error) {
    throw new PushUnavailable('No access token for Firebase could be got.', undefined, { cause: error });
  }
}

const isTokenAnswer = (body: unknown): body is { access_token: string; expires_in: number } =>
  typeof body === 'object' &&
  body !== null &&
  'access_token' in body &&
  typeof body.access_token === 'string' &&
  'expires_in' in body &&
  typeof body.expires_in === 'number';
