import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Clock } from '../../clock.js';
import { APPLE_ISSUER } from './id-tokens.js';

const SECONDS = 300;

export interface AppleClient {
  /** The services id that browsers sign in for. */
  readonly clientId: string;
  readonly teamId: string;
  readonly keyId: string;
  /** The content of the `.p8` file. */
  readonly privateKey: string | Buffer;
}

/** What Apple takes for a client's secret: a token signed with the client's own key, made anew for every exchange. */
export function appleClientSecrets(client: AppleClient, clock: Clock): () => Promise<string> {
  const key = createPrivateKey(client.privateKey);
  return () => {
    const now = Math.floor(clock.now() / 1_000);
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: client.keyId })
      .setIssuer(client.teamId)
      .setSubject(client.clientId)
      .setAudience(APPLE_ISSUER)
      .setIssuedAt(now)
      .setExpirationTime(now + SECONDS)
      .sign(key);
  };
}
