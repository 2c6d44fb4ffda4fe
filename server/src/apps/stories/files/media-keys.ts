import { checkMediaKey } from '../../../platform/media/media.js';
import type { OwnedMedia } from '../../../platform/media/stored-bytes.js';

/** The kinds of media of this app: the first part of their keys, and the categories of uploads. */
export const mediaKinds = ['avatar', 'audio', 'illustration', 'pictogram'] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** Keys allow 128 characters for each of their names. */
const NAME_CHARACTERS = 128;

const safe = (name: string): string => name.replace(/[^A-Za-z0-9._-]/g, '_');

/** What the keys of one kind of a user's media begin with. */
export const prefixOf = (kind: MediaKind, userId: string): string => `${kind}/${safe(userId)}/`;

/**
 * The key of a new object in the contract's form `<kind>/<userId>/<epochMs>-<name>`.
 *
 * @param name with its extension, for example `<heroId>.png`; its beginning is cut when it is too long
 */
export function mediaKey(kind: MediaKind, userId: string, now: number, name: string): string {
  const stamp = `${now}-`;
  return `${prefixOf(kind, userId)}${stamp}${safe(name).slice(stamp.length - NAME_CHARACTERS)}`;
}

/** Whose they are, for whoever counts them. */
export const ownedMedia: OwnedMedia = {
  app: 'stories',
  prefixes: mediaKinds.map((kind) => `${kind}/`),
  ownerOf: (key) => key.split('/')[1] ?? null,
};

/** True for a valid key under one of the user's own prefixes. */
export function belongsTo(userId: string, key: string): boolean {
  if (!mediaKinds.some((kind) => key.startsWith(prefixOf(kind, userId)))) return false;
  try {
    checkMediaKey(key);
    return true;
  } catch {
    return false; // a key of nobody's: it names no object
  }
}
