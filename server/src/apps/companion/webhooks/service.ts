import { errors } from '../../../platform/http/errors.js';
import { PrivateAddress } from '../../../platform/http/public-addresses.js';
import type { Platform } from '../../../platform/platform.js';
import type { CompanionWebhookRow } from '../tables.js';
import type { WebhookStore } from './store.js';

export const webhookTypes = [
  'audio_bytes',
  'audio_bytes_websocket',
  'realtime_transcript',
  'memory_created',
  'day_summary',
] as const;
export type WebhookType = (typeof webhookTypes)[number];

/** Longer addresses are refused by many servers. */
const MAX_URL = 2_000;

export function createWebhookService(
  { database, clock, publicHttp }: Pick<Platform, 'database' | 'clock' | 'publicHttp'>,
  store: WebhookStore,
) {
  return {
    list: (userId: string) => store.list(userId),
    get: (userId: string, type: WebhookType) => store.find(userId, type),

    /**
     * Sets where a webhook goes. `audio_bytes` comes with its seconds as `<url>,<seconds>`; the empty text and `,` switch off.
     *
     * @throws AppError 400 for what is no address of another server
     */
    set: async (userId: string, type: WebhookType, text: string): Promise<void> => {
      const { url, seconds } = partsOf(type, text.trim());
      if (url !== '') await refuseUnreachable(url);
      const row: CompanionWebhookRow = {
        user_id: userId,
        type,
        url,
        seconds,
        enabled: url === '' ? 0 : 1,
        updated_at: clock.now(),
      };
      await database.transaction((tx) => store.put(tx, row));
    },

    enable: (userId: string, type: WebhookType, isOn: boolean): Promise<void> =>
      database.transaction((tx) => store.enable(tx, userId, type, isOn, clock.now())),
  };

  async function refuseUnreachable(text: string): Promise<void> {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || text.length > MAX_URL || !['http:', 'https:'].includes(url.protocol)) {
      throw errors.validation('url must be an address such as https://example.com/hook', { field: 'url' });
    }
    try {
      await publicHttp.check(url);
    } catch (error) {
      if (!(error instanceof PrivateAddress)) throw error;
      throw errors.validation('url must be on the public internet', { field: 'url', cause: error });
    }
  }
}

export type Webhooks = ReturnType<typeof createWebhookService>;

function partsOf(type: WebhookType, text: string): { url: string; seconds: number | null } {
  if (text === ',') return { url: '', seconds: null };
  if (type !== 'audio_bytes') return { url: text, seconds: null };
  const comma = text.lastIndexOf(',');
  if (comma === -1) return { url: text, seconds: null };
  const seconds = Number(text.slice(comma + 1));
  return {
    url: text.slice(0, comma),
    seconds: Number.isInteger(seconds) && seconds > 0 ? seconds : null,
  };
}
