import type { Clock } from '../../../platform/clock.js';
import type { Database } from '../../../platform/database/database.js';
import { mergeMetadata } from '../conversations/metadata.js';
import { createConversationStore } from '../conversations/store.js';
import type { FanOut } from '../realtime/fan-out.js';
import type { DeviceService } from '../services.js';
import { deviceStore } from './store.js';

const PROVIDERS = { android: 'fcm', ios: 'apns', web: 'web' } as const;

export function createDeviceService(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly fanOut: FanOut;
}): DeviceService {
  const { database, clock, fanOut } = parts;
  const conversations = createConversationStore(database);

  return {
    identify: async (device, user) => {
      const identified = await database.transaction(async (tx) => {
        await deviceStore.see(tx, device, clock.now(), { user_id: user.id });
        const own = await conversations.ofUser(tx, device, user.id);
        const known = own ?? (await conversations.ofUser(tx, device, null));
        if (!known) return null;
        const metadata = mergeMetadata(known.metadata, { user });
        const isNews = !own || JSON.stringify(metadata) !== JSON.stringify(known.metadata);
        return isNews ? conversations.describe(tx, known, user.id, metadata) : null;
      });
      const { appId, deviceId } = device;
      void fanOut.tell({ type: 'identified', appId, deviceId, userId: user.id });
      if (identified)
        await fanOut.tell({ type: 'conversation', change: 'updated', conversation: identified });
    },

    setPushToken: async (device, { token, platform }) => {
      await database.transaction(async (tx) => {
        const now = clock.now();
        await deviceStore.releasePushToken(tx, device, token, now);
        await deviceStore.see(tx, device, now, {
          platform,
          push_token: token,
          push_provider: PROVIDERS[platform],
          push_token_at: now,
        });
      });
    },
  };
}
