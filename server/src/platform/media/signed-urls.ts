import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signs paths to media, so that somebody who holds the URL may read one object until an instant, and nothing else. */
export interface SignedUrls {
  /**
   * @param expiresAt milliseconds since the epoch
   * @returns the signature, safe in a URL: HMAC-SHA-256 in base64url, 43 characters
   */
  sign(key: string, expiresAt: number): string;
  /** True when `signature` was made for exactly this key and instant, and the instant has not passed. Takes constant time. */
  verify(key: string, expiresAt: number, signature: string, now: number): boolean;
}

/** @param secret at least 32 random bytes that all nodes share */
export function signedUrls(secret: string | Uint8Array): SignedUrls {
  // The instant is made of digits only, so no other key and instant give the same text.
  const digest = (key: string, expiresAt: number): Buffer =>
    createHmac('sha256', secret).update(`media\n${expiresAt}\n${key}`).digest();
  return {
    sign: (key, expiresAt) => digest(key, expiresAt).toString('base64url'),
    verify: (key, expiresAt, signature, now) => {
      const expected = digest(key, expiresAt);
      const given = Buffer.from(signature, 'base64url');
      const genuine = given.length === expected.length && timingSafeEqual(given, expected);
      return genuine && Number.isSafeInteger(expiresAt) && now < expiresAt;
    },
  };
}
