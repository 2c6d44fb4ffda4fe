import type { StoredRecord } from '../records/record.js';
import type { MediaKind } from '../stores/media-store.js';
import type { EntityType } from '../wire/entities.js';

/** Which entity a kind of media belongs to, where its address is, and how its file is named (contract §7.8). */
export const MEDIA_OF: Readonly<
  Record<MediaKind, { readonly type: EntityType; readonly field: string; readonly extension: string }>
> = {
  avatar: { type: 'hero', field: 'avatarUrl', extension: 'png' },
  audio: { type: 'story', field: 'audioUrl', extension: 'mp3' },
  illustration: { type: 'illustration', field: 'imageUrl', extension: 'png' },
};

/** By the entity, since addresses change with each answer. @param id local id of the hero, story or illustration */
export const mediaKey = (kind: MediaKind, id: string): string =>
  `${kind}_${encodeURIComponent(id)}.${MEDIA_OF[kind].extension}`;

/** The local id that a key was made of. */
export const idInKey = (key: string): string =>
  decodeURIComponent(key.slice(key.indexOf('_') + 1, key.lastIndexOf('.')));

/** The signed address, or null while there is no such file. */
export function addressIn(kind: MediaKind, record: StoredRecord): string | null {
  const address = record.value[MEDIA_OF[kind].field];
  return typeof address === 'string' && address !== '' ? address : null;
}

/** What stays the same of an address: its path. */
export const sourceOf = (address: string): string => new URL(address, 'http://server').pathname;

/** True when its signature tells that it is over (`expires` in epoch milliseconds, as this server signs). */
export function isOver(address: string, now: number): boolean {
  const expires = Number(new URL(address, 'http://server').searchParams.get('expires') ?? Number.NaN);
  return Number.isFinite(expires) && expires <= now;
}
