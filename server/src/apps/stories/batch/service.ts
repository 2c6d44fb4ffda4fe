import type { Transaction } from '../../../platform/database/database.js';
import { inSavepoint } from '../../../platform/database/savepoint.js';
import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import { failedItem } from '../failed-item.js';
import type { Binder } from '../files/bindings.js';
import { importedItems } from '../imported-items.js';
import type { StoryMedia, SyncedRooms } from '../services.js';
import { type BatchAnswer, type BatchItem, type BatchKind, batchItem, labelOf, localIdOf } from './items.js';

/** Items that share a transaction: on SQLite all other writers wait for it. */
const AT_ONCE = 25;

/** Takes in what a device has under ids of its own (contract §3.7): each item once, and each for itself. */
export function createBatches(
  platform: Pick<Platform, 'changes' | 'clock' | 'database' | 'log'>,
  parts: { readonly rooms: SyncedRooms; readonly media: StoryMedia; readonly bind: Binder },
) {
  const { changes, clock, database, log } = platform;
  const { rooms, media, bind } = parts;

  const make: Readonly<
    Record<BatchKind, (tx: Transaction, userId: string, fields: BatchItem['fields']) => Promise<string>>
  > = {
    hero: async (tx, userId, { avatarUrl, avatarPrompt, avatarGenerationId, ...fields }) => {
      const { row } = await rooms.hero.create(tx, userId, fields);
      const avatar = present({ avatarUrl, avatarPrompt, avatarGenerationId });
      // A create takes no avatar; an update does, by its own rules.
      if (Object.keys(avatar).length > 0) await rooms.hero.update(tx, userId, row.id, avatar);
      return row.id;
    },
    story: async (tx, userId, { audioUrl, audioDuration, ...fields }) => {
      const { row } = await rooms.story.create(tx, userId, { language: 'en', ...present(fields) });
      if (audioUrl === undefined || audioUrl === null || audioUrl === '') return row.id;
      const key = typeof audioUrl === 'string' ? await media.keyOf(userId, audioUrl) : null;
      if (key === null)
        throw errors.validation('must be an address of your own media here', { field: 'audioUrl' });
      if (audioDuration !== undefined && audioDuration !== null && !isSeconds(audioDuration)) {
        throw errors.validation('must be a number of seconds', { field: 'audioDuration' });
      }
      const bindings = isSeconds(audioDuration) ? { audioDuration } : {};
      const upload = { media_key: key, audio_duration: null };
      await bind(tx, userId, upload, { type: 'story', id: row.id, bindings });
      return row.id;
    },
    customEvent: async (tx, userId, fields) => (await rooms.customEvent.create(tx, userId, fields)).row.id,
  };

  /** Makes an item, or finds what was made of it before. What was deleted since is made anew. */
  const take = async (tx: Transaction, userId: string, kind: BatchKind, item: BatchItem) => {
    const known = await importedItems.find(tx, userId, kind, item.localId);
    if (known !== null && (await rooms[kind].byIds(tx, userId, [known])).has(known)) return known;
    const serverId = await make[kind](tx, userId, item.fields);
    await importedItems.remember(tx, {
      user_id: userId,
      kind,
      local_id: item.localId,
      server_id: serverId,
      created_at: clock.now(),
    });
    return serverId;
  };

  const takeSome = (userId: string, kind: BatchKind, given: readonly unknown[]) =>
    database.transaction(async (tx) => {
      await changes.next(tx, userId, 0);
      const results: ({ readonly serverId: string } | { readonly error: string })[] = [];
      for (const one of given) {
        const taken = inSavepoint(tx, () => take(tx, userId, kind, batchItem(one))).then(
          (serverId) => ({ serverId }),
          (error: unknown) => ({ error: failedItem(error, log).message }),
        );
        results.push(await taken);
      }
      return results;
    });

  return async (userId: string, kind: BatchKind, given: readonly unknown[]): Promise<BatchAnswer> => {
    const results: BatchAnswer['results'] = { created: [], failed: [], total: given.length };
    for (let from = 0; from < given.length; from += AT_ONCE) {
      const some = given.slice(from, from + AT_ONCE);
      for (const [index, result] of (await takeSome(userId, kind, some)).entries()) {
        const label = labelOf(some[index]);
        const known = {
          localId: localIdOf(some[index]),
          ...(kind === 'hero' ? { name: label } : { title: label }),
        };
        if ('serverId' in result) results.created.push({ ...known, serverId: result.serverId });
        else results.failed.push({ ...known, error: result.error });
      }
    }
    if (results.created.length > 0) await changes.announce(userId, (await changes.state(userId)).latest);
    const { created, failed, total } = results;
    return {
      success: failed.length === 0,
      created: created.length,
      failed: failed.length,
      total,
      results,
    };
  };
}

export type Batches = ReturnType<typeof createBatches>;

const isSeconds = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

const present = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
