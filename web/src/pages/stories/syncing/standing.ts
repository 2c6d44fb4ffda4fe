import {
  type CustomEvent,
  type EarshotClient,
  type Hero,
  isEarshotError,
  type Local,
  type Operation,
  type Story,
} from '@earshot/client';
import { useLive, useNetwork, useSyncStatus } from '../client.tsx';

/** Something that was changed here and elsewhere, so that a person has to choose. */
export type Contested =
  | { readonly type: 'story'; readonly item: Local<Story>; readonly name: string }
  | { readonly type: 'hero'; readonly item: Local<Hero>; readonly name: string }
  | { readonly type: 'customEvent'; readonly item: Local<CustomEvent>; readonly name: string };

export async function readContested(client: EarshotClient): Promise<readonly Contested[]> {
  const [stories, heroes, events] = await Promise.all([
    client.stories.conflicts(),
    client.heroes.conflicts(),
    client.customEvents.conflicts(),
  ]);
  return [
    ...heroes.map((item) => ({ type: 'hero' as const, item, name: item.name })),
    ...stories.map((item) => ({ type: 'story' as const, item, name: item.title })),
    ...events.map((item) => ({ type: 'customEvent' as const, item, name: item.title })),
  ];
}

/** `offline`: the device has no network. `unreachable`: it has one, but the server does not answer. */
export type Reach = 'online' | 'offline' | 'unreachable';

export function useReach(): Reach {
  const { connected } = useNetwork();
  const { lastReport } = useSyncStatus();
  if (!connected) return 'offline';
  const isLost =
    lastReport?.outcome === 'interrupted' &&
    isEarshotError(lastReport.error, 'offline', 'unavailable', 'timeout');
  return isLost ? 'unreachable' : 'online';
}

/** How this device stands to the server, for the badge and for its dialog. */
export interface Standing {
  readonly reach: Reach;
  readonly isSyncing: boolean;
  /** Epoch milliseconds; null before the first sync. */
  readonly lastSyncedAt: number | null;
  /** What the server does not have yet. */
  readonly pending: number;
  readonly failed: readonly Operation[];
  readonly contested: readonly Contested[];
}

export function useStanding(): Standing {
  const { syncing, lastSyncedAt } = useSyncStatus();
  const { data } = useLive('standing', async (client) => ({
    pending: await client.pendingCount(),
    failed: await client.queue.exhausted(),
    contested: await readContested(client),
  }));
  return {
    reach: useReach(),
    isSyncing: syncing,
    lastSyncedAt,
    pending: data?.pending ?? 0,
    failed: data?.failed ?? [],
    contested: data?.contested ?? [],
  };
}

/** One state of the many, the most pressing one first. */
export type Mood = 'conflict' | 'failed' | 'offline' | 'unreachable' | 'syncing' | 'pending' | 'synced';

export function moodOf({ reach, isSyncing, pending, failed, contested }: Standing): Mood {
  if (contested.length > 0) return 'conflict';
  if (failed.length > 0) return 'failed';
  if (reach !== 'online') return reach;
  if (isSyncing) return 'syncing';
  return pending > 0 ? 'pending' : 'synced';
}
