import type { Transaction } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { CustomEventStore } from '../custom-events/store.js';
import type { HeroStore } from '../heroes/store.js';
import type { IllustrationStore } from '../illustrations/store.js';
import { owned } from '../ownership.js';
import type { StoryMedia, SyncedRooms } from '../services.js';
import type { StoryStore } from '../stories/store.js';
import { writesOver } from '../writes.js';
import { type Binder, type Bindings, type BoundType, bindingOf, createBinder } from './bindings.js';
import type { Upload, UploadStore } from './upload-store.js';

export interface FilesParts {
  readonly media: StoryMedia;
  readonly uploads: UploadStore;
  readonly heroes: HeroStore;
  readonly stories: StoryStore;
  readonly illustrations: IllustrationStore;
  readonly customEvents: CustomEventStore;
  readonly rooms: SyncedRooms;
}

export interface Confirmed {
  readonly upload: Upload;
  readonly type: BoundType;
  readonly id: string;
  readonly version: number;
  /** The entity as it is told everywhere. */
  readonly value: Record<string, unknown> | null;
}

/** Makes an uploaded file the picture or narration of an entity. */
export function createConfirmations(
  platform: Pick<Platform, 'changes' | 'clock' | 'database'>,
  parts: FilesParts,
) {
  const { changes, database } = platform;
  const { uploads, rooms } = parts;
  const write = writesOver(database, changes);
  const bind: Binder = createBinder(platform, parts);

  const shown = async (userId: string, type: BoundType, id: string) => {
    const room = rooms[type] as SyncedRooms[keyof SyncedRooms];
    const row = (await room.byIds(null, userId, [id])).get(id);
    // The room and the row are of one kind, which the compiler cannot know.
    const present = room.present as (row: unknown) => Record<string, unknown>;
    return row ? { version: row.version, value: present(row) } : null;
  };

  return {
    /**
     * Binds an upload; confirming it again for the same entity changes nothing.
     *
     * @throws AppError 404 for an unknown file or entity, 403 for somebody else's, 400 for a target that does not fit
     * the file's category, 409 when the bytes are not here yet or are shown by something else
     */
    confirm: async (userId: string, storageKey: string, bindings: Bindings): Promise<Confirmed> => {
      const { upload, type, id, version } = await write(userId, async (tx: Transaction) => {
        const next = await changes.next(tx, userId, 0);
        const found = owned(await uploads.byKey(storageKey, tx), userId, 'File');
        const target = bindingOf(found.category, bindings);
        if (found.status === 'announced') throw errors.conflict('The bytes of this file are not here yet.');
        if (found.status === 'confirmed') {
          const isSame = found.bound_type === target.type && (target.id ?? found.bound_id) === found.bound_id;
          if (!isSame) throw errors.conflict('This file is shown by something else already.');
          return { upload: found, type: target.type, id: found.bound_id ?? '', version: next - 1 };
        }
        const bound = await bind(tx, userId, found, target);
        await uploads.confirmed(tx, found.id, target.type, bound.id);
        return { upload: found, type: target.type, ...bound };
      });
      const now = await shown(userId, type, id);
      return { upload, type, id, version: now?.version ?? version, value: now?.value ?? null };
    },
  };
}

export type Confirmations = ReturnType<typeof createConfirmations>;
