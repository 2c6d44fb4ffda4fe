import { readFile } from 'node:fs/promises';
import { type CryptoKey, importJWK, importSPKI, importX509, type JWK } from 'jose';
import type { Clock } from '../clock.js';
import { errors } from '../http/errors.js';
import type { Log } from '../telemetry/log.js';

type Key = CryptoKey | Uint8Array;

/** The public keys by which somebody else's RS256 tokens are checked, by key id. */
export interface KeySet {
  /**
   * @returns null when no such key exists, also after looking anew
   * @throws AppError 503 when there are no keys at all and none can be had
   */
  key(kid: string): Promise<Key | null>;
}

/** Where keys come from: an address, or a file that stands in for it. */
export interface KeySource {
  readonly url: string;
  readonly file?: string | undefined;
}

const FETCH_TIMEOUT_MS = 5_000;
/** For answers without `Cache-Control: max-age`, and for files. */
const DEFAULT_AGE_MS = 3_600_000;
/** How soon after looking we look again: for an unknown key id, or because looking failed. */
const AGAIN_AFTER_MS = 30_000;
const MAX_BYTES = 1_000_000;

/**
 * Keys as a JSON Web Key Set or as a map of key ids to PEM certificates (or public keys), as Google publishes them. They
 * are kept as long as `Cache-Control` says; when their source cannot be reached, the last good set goes on.
 */
export function createKeySet(source: KeySource, parts: { readonly clock: Clock; readonly log: Log }): KeySet {
  const { clock, log } = parts;
  let keys: ReadonlyMap<string, Key> = new Map();
  let freshUntil = 0;
  let lastLook = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;

  const look = async () => {
    lastLook = clock.now();
    try {
      const { text, ageMs } = source.file
        ? { text: await readFile(source.file, 'utf8'), ageMs: DEFAULT_AGE_MS }
        : await download(source.url);
      keys = await parseKeys(text);
      freshUntil = clock.now() + ageMs;
    } catch (error) {
      log.warn({ err: error }, 'the public keys of an identity provider could not be read');
      if (keys.size === 0) {
        throw errors.unavailable(
          'This kind of sign-in cannot be checked right now. Please try again shortly.',
          {
            cause: error,
            retryAfterSeconds: AGAIN_AFTER_MS / 1_000,
          },
        );
      }
    }
  };
  const lookOnce = () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };

  return {
    key: async (kid) => {
      const mayLook = () => keys.size === 0 || clock.now() - lastLook >= AGAIN_AFTER_MS;
      if (clock.now() >= freshUntil && mayLook()) await lookOnce();
      const known = keys.get(kid);
      if (known) return known;
      if (mayLook()) await lookOnce();
      return keys.get(kid) ?? null;
    },
  };
}

async function download(url: string): Promise<{ text: string; ageMs: number }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`The keys' address answered ${response.status}.`);
  if (text.length > MAX_BYTES) throw new Error('The keys are larger than keys can be.');
  const age = /max-age=(\d{1,9})/i.exec(response.headers.get('cache-control') ?? '')?.[1];
  return { text, ageMs: age === undefined ? DEFAULT_AGE_MS : Number(age) * 1_000 };
}

async function parseKeys(text: string): Promise<ReadonlyMap<string, Key>> {
  const parsed: unknown = JSON.parse(text);
  if (!parsed || typeof parsed !== 'object') throw new Error('The keys are no JSON object.');
  const keys = new Map<string, Key>();
  if ('keys' in parsed && Array.isArray(parsed.keys)) {
    for (const jwk of parsed.keys as JWK[]) {
      if (jwk.kid && jwk.kty === 'RSA') keys.set(jwk.kid, await importJWK({ ...jwk, alg: 'RS256' }, 'RS256'));
    }
  } else {
    for (const [kid, pem] of Object.entries(parsed)) {
      if (typeof pem === 'string') keys.set(kid, await importPem(pem));
    }
  }
  if (keys.size === 0) throw new Error('There is no RSA key among the keys.');
  return keys;
}

const importPem = (pem: string): Promise<CryptoKey> =>
  pem.includes('BEGIN CERTIFICATE') ? importX509(pem, 'RS256') : importSPKI(pem, 'RS256');
