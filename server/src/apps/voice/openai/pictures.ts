import type { TextImage } from '../../../platform/ai/text-generator.js';
import { errors } from '../../../platform/http/errors.js';

const DATA_URL = /^data:(image\/(?:png|jpeg|webp|gif));base64,([A-Za-z0-9+/=\s]+)$/;

/**
 * A picture that travels in a message. Addresses are not fetched: the server would reach what its caller may not.
 *
 * @throws AppError 400 naming the field
 */
export function pictureOf(url: string, field: string): TextImage {
  const [, mediaType, base64] = DATA_URL.exec(url) ?? [];
  if (!mediaType || !base64)
    throw errors.validation('Send pictures as data URLs (PNG, JPEG, WebP or GIF in base64).', { field });
  return { data: Buffer.from(base64, 'base64'), mediaType: mediaType as TextImage['mediaType'] };
}
