import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the file in DATA_DIR that keeps a generated secret. */
export const SECRETS_FILE = 'secrets.json';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keys derived from the server's one secret, each for one purpose. */
export interface Secrets {
  /** Signs session tokens (HS256). */
  readonly sessionKey: Uint8Array;
  /** Signs media addresses. */
  readonly addressKey: Uint8Array;
  /** 32 bytes for one further purpose, the same on every node that shares the secret. */
  derive(purpose: string): Uint8Array;
  /** A one-way name for something that must be recognised but not kept, as lower-case hex (HMAC-SHA-256). */
  fingerprint(value: string): string;
  /**
   * Encrypts a short text so that only this server can read it again. What travels through clients names its purpose, so that
   * nobody can show what was sealed for one thing as another.
   */
  seal(plain: string, purpose?: string): string;
  /** Reads what `seal` wrote; null when it was made under another secret, for another purpose, or has been altered. */
  unseal(sealed: string, purpose?: string): string | null;
}

export interface SecretSources {
  readonly serverSecret?: string | undefined;
  readonly jwtSecret?: string | undefined;
  /** Where to keep a generated secret when none is given. */
  readonly dataDirectory: string;
  /** True when several nodes share the data: then nothing can be generated here, and `jwtSecret` stands in for a missing root. */
  readonly isShared?: boolean;
}

/** Takes the secrets from the configuration, or generates one and keeps it in the data directory (mode 0600). */
export function loadSecrets(sources: SecretSources): Secrets {
  // On one machine a generated root stays the root when JWT_SECRET is set or changed later: identities depend on it.
  const root =
    sources.serverSecret ??
    (sources.isShared ? sources.jwtSecret : undefined) ??
    generatedSecret(join(sources.dataDirectory, SECRETS_FILE));
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', root, 'earshot', purpose, 32));
  const fingerprintKey = derive('fingerprint');
  const sealingKey = derive('seal');
  const sealingKeyFor = (purpose: string | undefined) =>
    purpose === undefined ? sealingKey : derive(`seal ${purpose}`);
  return {
    sessionKey: sources.jwtSecret ? new TextEncoder().encode(sources.jwtSecret) : derive('session'),
    addressKey: derive('address'),
    derive,
    fingerprint: (value) => createHmac('sha256', fingerprintKey).update(value).digest('hex'),
    seal: (plain, purpose) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealingKeyFor(purpose), nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    unseal: (sealed, purpose) => {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv(CIPHER, sealingKeyFor(purpose), bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        return (
          decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch {
        return null; // the tag does not match: the answer is "not ours", not a failure
      }
    },
  };
}

function generatedSecret(file: string): string {
  if (existsSync(file)) {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (kept && typeof kept === 'object' && 'serverSecret' in kept && typeof kept.serverSecret === 'string') {
      return kept.serverSecret;
    }
    throw new Error(`${file} holds no serverSecret. Restore it from a backup, or set SERVER_SECRET.`);
  }
  const serverSecret = randomBytes(32).toString('hex');
  mkdirSync(join(file, '..'), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify({ serverSecret }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
  return serverSecret;
}
