import { signedUrls } from '../../../platform/media/signed-urls.js';
import type { Platform } from '../../../platform/platform.js';
import type { StoryMedia } from '../services.js';
import { enqueueErasing } from './erase-job.js';
import { belongsTo, mediaKey } from './media-keys.js';
import { currentOrigin } from './request-origin.js';

/** Where objects are served, on both prefixes; addresses name the first. */
const MEDIA_PATHS = ['/api/media/', '/api/v1/media/'] as const;

/** How long an address is good for unless somebody asks for longer, and at most. */
const ADDRESS_SECONDS = 15 * 60;
export const MAX_ADDRESS_SECONDS = 60 * 60;

/** Names, signs and erases this app's media. */
export function createStoryMedia(
  platform: Pick<Platform, 'clock' | 'config' | 'jobs' | 'secrets' | 'users'>,
): StoryMedia {
  const { clock, config, jobs, secrets, users } = platform;
  const urls = signedUrls(secrets.addressKey);
  const configured = config.PUBLIC_URL?.replace(/\/+$/, '');
  const isOwn = async (userId: string, key: string): Promise<boolean> =>
    belongsTo(userId, key) || (await users.formerIds(userId)).some((former) => belongsTo(former, key));
  const origin = () => configured ?? currentOrigin() ?? '';
  return {
    keyFor: (kind, userId, name, at = clock.now()) => mediaKey(kind, userId, at, name),
    address: (key, seconds = ADDRESS_SECONDS) => {
      if (key === null) return null;
      const expiresAt = clock.now() + Math.min(seconds, MAX_ADDRESS_SECONDS) * 1_000;
      return `${origin()}${MEDIA_PATHS[0]}${key}?expires=${expiresAt}&signature=${urls.sign(key, expiresAt)}`;
    },
    keyOf: async (userId, address) => {
      const path = pathOf(address, [configured, currentOrigin()]);
      const served = MEDIA_PATHS.find((start) => path?.startsWith(start));
      if (!path || !served) return null;
      const key = path.slice(served.length);
      return (await isOwn(userId, key)) ? key : null;
    },
    erase: async (tx, userId, keys) => {
      const own: string[] = [];
      for (const key of keys) if (key !== null && (await isOwn(userId, key))) own.push(key);
      if (own.length > 0) await enqueueErasing(jobs, tx, { userId, keys: own });
    },
    eraseAll: (tx, userId) => enqueueErasing(jobs, tx, { userId, keys: 'all' }),
  };
}

/** The path of an address under one of our own origins, or of one that names no origin. */
function pathOf(address: string, origins: readonly (string | undefined)[]): string | null {
  const start = origins.find((origin) => origin !== undefined && address.startsWith(`${origin}/`)) ?? '';
  return address.slice(start.length).split(/[?#]/, 1)[0] ?? null;
}
