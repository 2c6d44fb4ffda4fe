import type { StoreReader, StoreTransaction } from './local-store.js';

export async function readSetting<T>(tx: StoreReader, id: string): Promise<T | undefined> {
  return (await tx.get('settings', id))?.value as T | undefined;
}

export const writeSetting = (tx: StoreTransaction, id: string, value: unknown): Promise<void> =>
  tx.put('settings', { id, value });

export const removeSetting = (tx: StoreTransaction, id: string): Promise<void> => tx.delete('settings', id);
