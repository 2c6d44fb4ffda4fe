import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { bearerToken, cookieNamed } from '../caller.js';

/** The forms in which clients send an account session's token. */
export interface SessionCredentials {
  /** The name of the cookie that carries the signed token. */
  readonly cookieName: string;
  /** `<token>.<signature>`, URL-encoded, as Better Auth signs cookies. */
  sign(token: string): string;
  /** The raw token of a bearer credential: raw itself, or signed, URL-encoded or not; null when the signature is wrong. */
  fromBearer(credential: string): string | null;
  /** The raw token of the cookie's value, which must be signed. */
  fromCookie(value: string): string | null;
  /** The raw token that a request carries: its bearer token, or else its cookie. */
  fromHeaders(headers: {
    readonly authorization?: string | undefined;
    readonly cookie?: string | undefined;
  }): string | null;
}

/** Under this hash alone a token is stored. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * @param secret the one that Better Auth signs with
 * @param cookieName as Better Auth names it
 */
export function createSessionCredentials(secret: string, cookieName: string): SessionCredentials {
  const signatureOf = (token: string): Buffer => createHmac('sha256', secret).update(token).digest();
  const unsigned = (signed: string): string | null => {
    const dot = signed.lastIndexOf('.');
    if (dot <= 0) return null;
    const token = signed.slice(0, dot);
    const given = Buffer.from(signed.slice(dot + 1), 'base64');
    const right = signatureOf(token);
    return given.length === right.length && timingSafeEqual(given, right) ? token : null;
  };
  const fromBearer = (credential: string): string | null => {
    const decoded = decode(credential);
    return decoded.includes('.') ? unsigned(decoded) : decoded;
  };
  const fromCookie = (value: string): string | null => unsigned(decode(value));
  return {
    cookieName,
    sign: (token) => encodeURIComponent(`${token}.${signatureOf(token).toString('base64')}`),
    fromBearer,
    fromCookie,
    fromHeaders: ({ authorization, cookie }) => {
      const bearer = bearerToken(authorization);
      if (bearer) return fromBearer(bearer);
      const value = cookieNamed(cookieName, cookie);
      return value && fromCookie(value);
    },
  };
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not URL-encoded after all: taken as it is
  }
}
