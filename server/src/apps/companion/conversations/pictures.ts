import { buffer } from 'node:stream/consumers';
import type { Media } from '../../../platform/media/media.js';
import type { PhotoRow } from '../tables.js';

/** The pictures of photos, as the app shows them. */
export interface Pictures {
  /** Base64 by the photo's id; a picture that is gone is left out. */
  of(photos: readonly PhotoRow[]): Promise<ReadonlyMap<string, string>>;
}

export const createPictures = (media: Media): Pictures => ({
  of: async (photos) => {
    const pictures = new Map<string, string>();
    for (const { id, media_key } of photos) {
      const bytes = await media.read(media_key);
      if (bytes) pictures.set(id, (Buffer.isBuffer(bytes) ? bytes : await buffer(bytes)).toString('base64'));
    }
    return pictures;
  },
});
