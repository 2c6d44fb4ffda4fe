import { supportErrors } from '../errors.js';

/** A person as the inbox names them: an SDK user, or a device of which nobody has said whose it is. */
export type UserKey =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'device'; readonly deviceId: string };

/** @throws AppError 400 `INVALID_USER_KEY` */
export function parseUserKey(text: string): UserKey {
  const [, kind, id] = /^(user|device):(.+)$/s.exec(text) ?? [];
  if (!id) throw supportErrors.invalidUserKey();
  return kind === 'user' ? { kind: 'user', userId: id } : { kind: 'device', deviceId: id };
}

const SHOWN_OF_DEVICE = 6;

/** Contract §11.1. Raw: pages escape what they show. */
export const displayName = (userId: string | null, deviceId: string): string =>
  userId === null ? `Visitor ${deviceId.slice(0, SHOWN_OF_DEVICE)}` : `User ${userId}`;
