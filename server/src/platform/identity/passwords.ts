import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { errors } from '../http/errors.js';

/** How hard a password is to guess from its hash. */
export interface PasswordCost {
  /** log2 of scrypt's N; memory is 128 · N · r bytes. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

export interface Passwords {
  /** `$scrypt$ln=…,r=…,p=…$<salt>$<key>`, both parts base64url: everything that verifying it needs. */
  hash(password: string): Promise<string>;
  /**
   * True when the password belongs to the hash. With null (nobody by that name) it does the same work and says no, so
   * that the time it takes does not tell which accounts exist.
   *
   * @throws AppError 503 when too many others are waiting already
   */
  verify(password: string, encoded: string | null): Promise<boolean>;
}

/** OWASP Password Storage Cheat Sheet, scrypt: N = 2^15, r = 8, p = 3, which is 32 MB for each password in work. */
const RECOMMENDED: PasswordCost = { logN: 15, r: 8, p: 3 };
/** What an encoded hash may ask for at most, so that a damaged row cannot take the machine down. */
const MAX_LOG_N = 20;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Waiting any longer than this many turns helps nobody: the client has given up by then. */
const MAX_WAITING = 200;

interface EncodedPassword extends PasswordCost {
  readonly salt: Buffer;
  readonly key: Buffer;
}

/**
 * Password hashing by scrypt. It is the slowest thing in the house, so no more passwords are worked on at once than there
 * are cores; the others queue.
 */
export function createPasswords(
  options: { readonly cost?: PasswordCost; readonly concurrency?: number } = {},
): Passwords {
  const cost = options.cost ?? RECOMMENDED;
  const enqueue = turnstile(options.concurrency ?? availableParallelism());
  const derive = (password: string, salt: Buffer, { logN, r, p }: PasswordCost): Promise<Buffer> =>
    enqueue(
      () =>
        new Promise((resolve, reject) => {
          const N = 2 ** logN;
          scrypt(
            password.normalize('NFKC'),
            salt,
            KEY_BYTES,
            { N, r, p, maxmem: 256 * N * r },
            (error, key) => (error ? reject(error) : resolve(key)),
          );
        }),
    );
  const nobody: EncodedPassword = { ...cost, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return encode({ ...cost, salt, key: await derive(password, salt, cost) });
    },
    verify: async (password, encoded) => {
      const stored = encoded === null ? null : decode(encoded);
      const { salt, key, ...parameters } = stored ?? nobody;
      const matches = timingSafeEqual(await derive(password, salt, parameters), key);
      return matches && stored !== null;
    },
  };
}

const encode = ({ logN, r, p, salt, key }: EncodedPassword): string =>
  `$scrypt$ln=${logN},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;

const ENCODED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([\w-]+)\$([\w-]{43})$/;

/** Null for what this server did not write: such a hash matches no password. */
function decode(encoded: string): EncodedPassword | null {
  const [, logN, r, p, salt, key] = ENCODED.exec(encoded) ?? [];
  if (!logN || !r || !p || !salt || !key || Number(logN) > MAX_LOG_N) return null;
  return {
    logN: Number(logN),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

/** Lets so many through at once, in the order in which they came. */
function turnstile(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside >= places) {
      if (waiting.length >= MAX_WAITING) {
        throw errors.unavailable('Too many people are signing in at once. Please try again shortly.', {
          retryAfterSeconds: 5,
        });
      }
      await new Promise<void>((enter) => waiting.push(enter));
    } else {
      inside += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
