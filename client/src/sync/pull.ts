import type { ConflictEvent } from '../conflicts/apply.js';
import { EarshotError } from '../http/errors.js';
import type { StoreTransaction } from '../stores/local-store.js';
import type { EntityValue } from '../wire/entities.js';
import { ENTITY_TYPES } from '../wire/entities.js';
import type { SyncChanges } from '../wire/sync.js';
import type { Progress } from './progress.js';
import type { CycleOptions, SyncParts } from './push.js';
import { contextOf, SYNC_TIMEOUT_MS } from './push.js';
import { meetDeletion, takeIn } from './server-values.js';
import type { SyncState } from './state.js';
import { enterEpoch, isOtherEpoch, readSyncState, writeSyncState } from './state.js';

/** Changes in one page. */
export const PAGE_SIZE = 500;

/**
 * Reads the server's sequence forward to its end. Each page is taken in together with the cursor behind it, so a crash
 * neither skips nor repeats anything.
 *
 * @throws EarshotError when the server cannot be reached; what was read so far is kept
 */
export async function pull(parts: SyncParts, options: CycleOptions, progress: Progress): Promise<void> {
  for (let more = true; more; ) {
    const asked = await parts.store.read(readSyncState);
    const page = await readPage(parts, options, asked.cursor);
    const events: ConflictEvent[] = [];
    const taken = await parts.store.write((tx) =>
      takePage(tx, parts, asked, page, (event) => events.push(event)),
    );
    for (const event of events) parts.onConflict(event);
    progress.pulled += taken.changed;
    progress.conflicts += events.length;
    more = taken.more;
  }
}

async function readPage({ http }: SyncParts, { signal }: CycleOptions, since: number): Promise<SyncChanges> {
  const page = await http.data<SyncChanges | null>({
    path: '/api/sync/changes',
    query: { since, limit: PAGE_SIZE },
    retry: 'none',
    timeoutMs: SYNC_TIMEOUT_MS,
    signal,
  });
  const stuck = page?.hasMore && page.next <= since && page.changes.length === 0;
  if (!page || !Array.isArray(page.changes) || typeof page.next !== 'number' || stuck) {
    throw new EarshotError('invalidAnswer', { status: 200 });
  }
  return page;
}

async function takePage(
  tx: StoreTransaction,
  parts: SyncParts,
  asked: SyncState,
  page: SyncChanges,
  told: (event: ConflictEvent) => void,
): Promise<{ readonly changed: number; readonly more: boolean }> {
  const before = await readSyncState(tx);
  // Another tab was here in the meantime: ask again from where it got to.
  if (before.cursor !== asked.cursor || before.epoch !== asked.epoch) return { changed: 0, more: true };
  const state = await enterEpoch(tx, page.epoch);
  // A page that begins in the middle of another epoch says nothing.
  if (isOtherEpoch(before, page.epoch) && asked.cursor > 0) {
    return { changed: 0, more: true };
  }
  const context = contextOf(parts, page.epoch, told);
  let changed = 0;
  for (const { type, id, deleted, value, seq } of page.changes) {
    // A kind of thing that a later server knows.
    if (!ENTITY_TYPES.includes(type)) continue;
    const server = { type, id, version: versionOf(value, seq), value: deleted ? null : value };
    if (await takeIn(tx, context, server)) changed += 1;
  }
  if (!page.hasMore && state.rereading) changed += await forgetUnseen(tx, parts, page.epoch, told);
  await writeSyncState(tx, {
    ...state,
    cursor: page.next,
    rereading: state.rereading && page.hasMore,
  });
  return { changed, more: page.hasMore };
}

/** The value may have been read a moment after the sequence was, and be newer than its place in it. */
const versionOf = (value: EntityValue | null, seq: number): number =>
  typeof value?.version === 'number' ? Math.max(value.version, seq) : seq;

/** What a restored server does not know is deleted there. */
async function forgetUnseen(
  tx: StoreTransaction,
  parts: SyncParts,
  epoch: string,
  told: (event: ConflictEvent) => void,
): Promise<number> {
  let changed = 0;
  for (const record of await tx.all('records')) {
    // It may have gone along with its hero a moment ago.
    const present = await tx.get('records', record.id);
    if (!present || present.serverId === null || present.epoch === epoch) continue;
    await meetDeletion(tx, contextOf(parts, epoch, told), present, 0);
    changed += 1;
  }
  return changed;
}
