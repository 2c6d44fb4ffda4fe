import type { Changes } from '../../../platform/changes/changes.js';
import type { Clock } from '../../../platform/clock.js';
import { errors } from '../../../platform/http/errors.js';
import { owned } from '../ownership.js';
import type { Removals } from '../removals.js';
import type { StoryMedia, SyncedRoom } from '../services.js';
import type { StoryStore } from '../stories/store.js';
import type { IllustrationRow, StoryRow } from '../tables.js';
import { presentIllustration } from './presenter.js';
import { countsOf, restingStatusOf } from './progress.js';
import type { IllustrationStore } from './store.js';

/** The pictures of stories: what was drawn and how far it is. They are drawn by the generation room. */
export function createIllustrationService(parts: {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly media: StoryMedia;
  readonly stories: StoryStore;
  readonly illustrations: IllustrationStore;
  readonly removals: Removals;
}) {
  const { clock, changes, media, stories, illustrations, removals } = parts;

  const notByClients = async (): Promise<never> => {
    throw errors.validation('Illustrations are made by the server', { field: 'type' });
  };

  const room: SyncedRoom<IllustrationRow> = {
    create: notByClients,
    update: notByClients,
    remove: async (tx, userId, id) => {
      const version = await changes.next(tx, userId);
      const illustration = owned(await illustrations.byId(id, tx), userId, 'Illustration');
      await removals.illustration(tx, illustration, version);
      const left = await illustrations.ofStories([illustration.story_id], tx);
      const story = await changes.next(tx, userId);
      await stories.update(
        tx,
        { id: illustration.story_id, user_id: userId },
        { version: story, now: clock.now() },
        { illustration_status: restingStatusOf(left), illustration_count: countsOf(left).completed },
      );
      return { version: story };
    },
    byIds: illustrations.byIds,
    present: (illustration) => presentIllustration(media, illustration),
  };

  return {
    room,

    /** A story and its pictures in their order. @throws AppError 403, 404 */
    ofStory: async (
      userId: string,
      storyId: string,
    ): Promise<{ readonly story: StoryRow; readonly illustrations: readonly IllustrationRow[] }> => {
      const story = owned(await stories.byId(storyId), userId, 'Story');
      return { story, illustrations: await illustrations.ofStories([storyId]) };
    },
  };
}

export type IllustrationService = ReturnType<typeof createIllustrationService>;
