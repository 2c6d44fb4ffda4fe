import { type EarshotClient, isEarshotError } from '@earshot/client';

/**
 * Asks the server for something about entities of this device. What has not reached it yet is sent first: one sync may be
 * under way that began too early, so two are tried.
 */
export async function onServer<T>(client: EarshotClient, ask: () => Promise<T>): Promise<T> {
  for (let syncs = 0; ; syncs += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isEarshotError(error, 'notUploaded') || syncs === 2) throw error;
      const { outcome, error: reason } = await client.sync.sync({ trigger: 'manual' });
      if (reason) throw reason;
      if (outcome === 'offline') throw error;
    }
  }
}
