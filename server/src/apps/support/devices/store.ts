import { type Transaction, withTables } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { SupportDeviceRow, SupportTables } from '../tables.js';

export interface DeviceName {
  readonly appId: string;
  readonly deviceId: string;
}

type Changes = Partial<
  Pick<SupportDeviceRow, 'user_id' | 'platform' | 'push_token' | 'push_provider' | 'push_token_at'>
>;

const within = (tx: Transaction) => withTables<SupportTables>(tx);

const newDevice = (device: DeviceName, now: number): SupportDeviceRow => ({
  id: uuidV7(now),
  app_id: device.appId,
  device_id: device.deviceId,
  user_id: null,
  platform: 'unknown',
  push_token: null,
  push_provider: null,
  push_token_at: null,
  created_at: now,
  updated_at: now,
  last_seen_at: now,
});

/**
 * The queries over `support_devices`. `see` and `ensure` leave the device's row locked until the end of the transaction,
 * so that what is decided about one device is decided by one caller after another.
 */
export const deviceStore = {
  /** Makes the device known, or notes that it was seen and what is new about it. */
  see: async (tx: Transaction, device: DeviceName, now: number, changes: Changes = {}): Promise<void> => {
    const changed = Object.keys(changes).length > 0 ? { ...changes, updated_at: now } : {};
    await within(tx)
      .insertInto('support_devices')
      .values({ ...newDevice(device, now), ...changes })
      .onConflict((conflict) =>
        conflict.columns(['app_id', 'device_id']).doUpdateSet({ ...changed, last_seen_at: now }),
      )
      .execute();
  },

  /** Makes a device known that somebody else names; one that is known stays as it is. */
  ensure: async (tx: Transaction, device: DeviceName, now: number, changes: Changes = {}): Promise<void> => {
    await within(tx)
      .insertInto('support_devices')
      .values({ ...newDevice(device, now), ...changes })
      .onConflict((conflict) =>
        conflict
          .columns(['app_id', 'device_id'])
          .doUpdateSet((eb) => ({ last_seen_at: eb.ref('support_devices.last_seen_at') })),
      )
      .execute();
  },

  /** Takes a push token from every other device of the app. */
  releasePushToken: async (
    tx: Transaction,
    device: DeviceName,
    token: string,
    now: number,
  ): Promise<void> => {
    await within(tx)
      .updateTable('support_devices')
      .set({ push_token: null, push_provider: null, push_token_at: null, updated_at: now })
      .where('app_id', '=', device.appId)
      .where('push_token', '=', token)
      .where('device_id', '<>', device.deviceId)
      .execute();
  },
} as const;
