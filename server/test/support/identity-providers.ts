import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import { SignJWT, UnsecuredJWT } from 'jose';

/** A pair of RSA keys as an identity provider has them. */
export interface ProviderKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  readonly jwk: object;
}

export function providerKey(kid: string): ProviderKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    kid,
    privateKey,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
  };
}

/** An address that publishes keys, that can be changed and cut off. */
export interface KeyServer {
  readonly url: string;
  answer: { status: number; body: unknown; maxAge: number };
  readonly requests: () => number;
  stop(): Promise<void>;
}

export async function startKeyServer(body: unknown, maxAge = 3_600): Promise<KeyServer> {
  let requests = 0;
  const keyServer = { answer: { status: 200, body, maxAge } };
  const server = createServer((_request, response) => {
    requests += 1;
    const { status, body: keys, maxAge: seconds } = keyServer.answer;
    response.writeHead(status, { 'cache-control': `public, max-age=${seconds}, must-revalidate` });
    response.end(JSON.stringify(keys));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The key server has no port.');
  return Object.assign(keyServer, {
    url: `http://127.0.0.1:${address.port}/keys`,
    requests: () => requests,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

export const PROJECT = 'earshot-test';
export const FIREBASE_ISSUER = `https://securetoken.google.com/${PROJECT}`;

export type Claims = Readonly<Record<string, unknown>>;

/** What Firebase writes into an ID token, valid for an hour from `now` (epoch milliseconds). */
export function firebaseClaims(now: number, changes: Claims = {}): Record<string, unknown> {
  const seconds = Math.floor(now / 1_000);
  return {
    iss: FIREBASE_ISSUER,
    aud: PROJECT,
    sub: 'uid-of-somebody',
    user_id: 'uid-of-somebody',
    iat: seconds - 10,
    auth_time: seconds - 100,
    exp: seconds + 3_600,
    email: 'somebody@example.com',
    email_verified: true,
    name: 'Some Body',
    firebase: { sign_in_provider: 'google.com' },
    ...changes,
  };
}

/** Signs claims as they are: those that are undefined are left out. */
export const rs256 = (key: ProviderKey, claims: Claims, header: Claims = {}): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid, ...header })
    .sign(key.privateKey);

/** The mistake of taking the public key for a shared secret. */
export const hs256 = (key: ProviderKey, claims: Claims): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: key.kid })
    .sign(new TextEncoder().encode(key.publicPem));

export const unsigned = (claims: Claims): string => new UnsecuredJWT({ ...claims }).encode();
