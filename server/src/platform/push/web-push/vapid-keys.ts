import { createECDH, createHash } from 'node:crypto';

/** The server's identity before push services: base64url, as `web-push` and browsers want them. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/**
 * A P-256 key from 32 secret bytes, always the same, so that all nodes and all starts have one identity and no browser's
 * subscription is lost.
 */
export function deriveVapidKeys(seed: Uint8Array): VapidKeys {
  const curve = createECDH('prime256v1');
  for (let candidate = Buffer.from(seed); ; candidate = createHash('sha256').update(candidate).digest()) {
    try {
      curve.setPrivateKey(candidate);
    } catch {
      continue; // one number in four thousand million lies outside the curve's order
    }
    return {
      publicKey: curve.getPublicKey().toString('base64url'),
      privateKey: candidate.toString('base64url'),
    };
  }
}

/** Whether two configured values are a key pair of this kind. */
export function areVapidKeys({ publicKey, privateKey }: VapidKeys): boolean {
  try {
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(Buffer.from(privateKey, 'base64url'));
    return curve.getPublicKey().equals(Buffer.from(publicKey, 'base64url'));
  } catch {
    return false;
  }
}
