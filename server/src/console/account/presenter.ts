import { isoInstant } from '../../platform/http/timestamps.js';
import type { ApiKey } from '../../platform/identity/api-keys.js';
import type { IdentityLink } from '../../platform/identity/identity-links.js';

type IdentityKind = 'email' | 'apple' | 'firebase' | 'speech-key' | 'other';

/** Which kind of sign-in an issuer of the identities table stands for. */
export function kindOf(issuer: string): IdentityKind {
  if (issuer === 'email') return 'email';
  if (issuer === 'https://appleid.apple.com') return 'apple';
  if (issuer.startsWith('https://securetoken.google.com/')) return 'firebase';
  return issuer.startsWith('openai-key') ? 'speech-key' : 'other';
}

/** E-mail and Apple are the account itself; only what was linked to it can be taken off. */
export const isLinked = (issuer: string): boolean =>
  kindOf(issuer) === 'firebase' || kindOf(issuer) === 'speech-key';

export const presentIdentity = ({ id, issuer, linkedAt }: IdentityLink) => ({
  id,
  kind: kindOf(issuer),
  linked_at: isoInstant(linkedAt),
  can_unlink: isLinked(issuer),
});

export const presentKey = ({ id, kind, name, prefix, createdAt, lastUsedAt }: ApiKey) => ({
  id,
  kind,
  name,
  prefix,
  created_at: isoInstant(createdAt),
  last_used_at: lastUsedAt === null ? null : isoInstant(lastUsedAt),
});
