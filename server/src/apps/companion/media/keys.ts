import type { OwnedMedia } from '../../../platform/media/stored-bytes.js';

/** What this app keeps as media: the second part of a key names the kind. */
export type MediaKind = 'photo' | 'voice' | 'chat' | 'recording' | 'unheard' | 'export';

/** What all of a user's keys begin with, so that an account's removal finds them without asking any table. */
export const prefixOf = (userId: string): string => `companion/${userId}/`;

/** @param name unique within its kind, with its extension: letters, digits, `.`, `_` and `-` */
export const mediaKey = (userId: string, kind: MediaKind, name: string): string =>
  `${prefixOf(userId)}${kind}/${name}`;

export const belongsTo = (userId: string, key: string): boolean => key.startsWith(prefixOf(userId));

/** Whose they are, for whoever counts them. */
export const ownedMedia: OwnedMedia = {
  app: 'companion',
  prefixes: ['companion/'],
  ownerOf: (key) => key.split('/')[1] ?? null,
};
