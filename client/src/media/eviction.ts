import type { MediaEntry, MediaKind } from '../stores/media-store.js';
import { MEDIA_KINDS } from '../stores/media-store.js';

const DAY_MS = 24 * 3_600_000;

/** For how long a file is kept after it was last used, in milliseconds. */
export type EvictionPolicy = Readonly<Record<MediaKind, number>>;

/** Contract §7.8. `keepAvatars` is what holds unless told otherwise. */
export const EVICTION_POLICIES = {
  keepAvatars: { avatar: Number.POSITIVE_INFINITY, audio: 30 * DAY_MS, illustration: 14 * DAY_MS },
  default: { avatar: 90 * DAY_MS, audio: 30 * DAY_MS, illustration: 14 * DAY_MS },
  conservative: { avatar: 180 * DAY_MS, audio: 60 * DAY_MS, illustration: 30 * DAY_MS },
  aggressive: { avatar: 30 * DAY_MS, audio: 7 * DAY_MS, illustration: 3 * DAY_MS },
} as const satisfies Record<string, EvictionPolicy>;
export type EvictionPolicyName = keyof typeof EVICTION_POLICIES;

/** Time between two sweeps, besides the one at launch. */
export const SWEEP_INTERVAL_MS = DAY_MS;
/** Room for files that are not pinned: the app's disk cache had as much. */
export const MEDIA_LIMIT_BYTES = 200 * 1_048_576;

export interface EvictionReport {
  readonly evicted: Readonly<Record<MediaKind, number>>;
  readonly bytesFreed: number;
  readonly durationMs: number;
}

/** Pinned files never expire. */
export const isExpired = (entry: MediaEntry, policy: EvictionPolicy, now: number): boolean =>
  !entry.pinned && now - entry.lastUsedAt > policy[entry.kind];

/** What has to go: everything that expired, then what was used longest ago until the rest fits the room. */
export function chooseEvicted(
  entries: readonly MediaEntry[],
  policy: EvictionPolicy,
  limitBytes: number,
  now: number,
): readonly MediaEntry[] {
  const evicted = entries.filter((entry) => isExpired(entry, policy, now));
  const rest = entries
    .filter((entry) => !entry.pinned && !isExpired(entry, policy, now))
    .sort((a, b) => a.lastUsedAt - b.lastUsedAt);
  let bytes = rest.reduce((sum, { size }) => sum + size, 0);
  for (const entry of rest) {
    if (bytes <= limitBytes) break;
    evicted.push(entry);
    bytes -= entry.size;
  }
  return evicted;
}

/** How many files of each kind, and their bytes. */
export type MediaSizes = Readonly<Record<MediaKind, { readonly files: number; readonly bytes: number }>> & {
  readonly total: { readonly files: number; readonly bytes: number };
};

export function sizesOf(entries: readonly MediaEntry[]): MediaSizes {
  const sum = (some: readonly MediaEntry[]) => ({
    files: some.length,
    bytes: some.reduce((bytes, { size }) => bytes + size, 0),
  });
  const byKind = Object.fromEntries(
    MEDIA_KINDS.map((kind) => [kind, sum(entries.filter((entry) => entry.kind === kind))]),
  );
  return { ...byKind, total: sum(entries) } as MediaSizes;
}
