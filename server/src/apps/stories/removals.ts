import type { Changes } from '../../platform/changes/changes.js';
import { type Transaction, withTables } from '../../platform/database/database.js';
import type { IllustrationStore } from './illustrations/store.js';
import { type RecordKind, recordTables, type Stamp } from './record-store.js';
import type { StoryMedia } from './services.js';
import type { StoryStore } from './stories/store.js';
import type { CustomEventRow, HeroRow, IllustrationRow, StoriesTables, StoryRow } from './tables.js';

/** Something that goes, and the object that goes with it. */
interface Leaving {
  readonly kind: RecordKind;
  readonly id: string;
  readonly mediaKey: string | null;
}

/**
 * Deletes rows together with what hangs on them: each gets a tombstone of its own in the owner's sequence, and the media
 * are erased after the commit. Every function is called behind the owner check, with the number that `changes.next` gave
 * before anything was read, and resolves with the owner's newest number.
 */
export function createRemovals(parts: {
  readonly changes: Changes;
  readonly media: StoryMedia;
  readonly stories: StoryStore;
  readonly illustrations: IllustrationStore;
}) {
  const { changes, media, stories, illustrations } = parts;

  const bury = async (
    tx: Transaction,
    userId: string,
    version: number,
    leaving: readonly [Leaving, ...Leaving[]],
  ) => {
    const [{ kind, id }, ...along] = leaving;
    const following = along.length > 0 ? await changes.next(tx, userId, along.length) : version;
    const tombstoneOf = (gone: Leaving, seq: number) => ({
      seq,
      type: gone.kind,
      id: gone.id,
      deleted: true,
    });
    await changes.log(
      tx,
      userId,
      tombstoneOf(leaving[0], version),
      ...along.map((gone, index) => tombstoneOf(gone, following + index)),
    );
    // What hangs on it goes along by its foreign keys.
    await withTables<StoriesTables>(tx).deleteFrom(recordTables[kind]).where('id', '=', id).execute();
    await media.erase(
      tx,
      userId,
      leaving.map(({ mediaKey }) => mediaKey),
    );
    return version + along.length;
  };

  const pictures = (rows: readonly Pick<IllustrationRow, 'id' | 'image_key'>[]): Leaving[] =>
    rows.map(({ id, image_key }) => ({ kind: 'illustration', id, mediaKey: image_key }));

  return {
    hero: async (tx: Transaction, { id, user_id, avatar_key }: HeroRow, version: number): Promise<number> => {
      const told = await stories.ofHero(tx, id);
      const drawn = await illustrations.ofHero(tx, id);
      return bury(tx, user_id, version, [
        { kind: 'hero', id, mediaKey: avatar_key },
        ...told.map((story): Leaving => ({ kind: 'story', id: story.id, mediaKey: story.audio_key })),
        ...pictures(drawn),
      ]);
    },

    story: async (
      tx: Transaction,
      { id, user_id, audio_key }: StoryRow,
      version: number,
    ): Promise<number> => {
      const drawn = await illustrations.ofStories([id], tx);
      return bury(tx, user_id, version, [{ kind: 'story', id, mediaKey: audio_key }, ...pictures(drawn)]);
    },

    illustration: (tx: Transaction, { id, user_id, image_key }: IllustrationRow, version: number) =>
      bury(tx, user_id, version, [{ kind: 'illustration', id, mediaKey: image_key }]),

    /** The stories that were told of it stay and let go of it. */
    customEvent: async (
      tx: Transaction,
      { id, user_id, pictogram_key }: CustomEventRow,
      { version, now }: Stamp,
    ): Promise<number> => {
      let latest = version;
      for (const storyId of await stories.idsOfEvent(tx, id)) {
        latest = await changes.next(tx, user_id);
        const story = { id: storyId, user_id };
        await stories.update(tx, story, { version: latest, now }, { custom_event_id: null });
      }
      await bury(tx, user_id, version, [{ kind: 'customEvent', id, mediaKey: pictogram_key }]);
      return latest;
    },
  };
}

export type Removals = ReturnType<typeof createRemovals>;
