import type { Environment } from '../environment.js';
import { wait } from '../environment.js';
import type { Files } from '../files/files.js';
import { mediaTypeOf } from '../files/media-type.js';
import type { HttpClient } from '../http/client.js';
import { EarshotError, isEarshotError } from '../http/errors.js';
import { retryDelayMs, retryPolicies } from '../http/retry.js';
import type { Log } from '../log.js';
import type { FileBinding, FileCategory } from '../wire/files.js';
import { filesOf, storiesWithHero } from './check-export.js';
import type { BatchItem, Checkpoint, MigratedKind, UploadedFile } from './checkpoint.js';
import type { ExportedStory, MediaReference, MigrationSource } from './export-format.js';
import { eventItem, heroItem, profileFields, storyItem } from './items.js';
import type { MigrationStage } from './migration-state.js';
import type { ServerEntity } from './server-copy.js';

/** Items in one request, so that the progress moves and little is sent twice. */
const BATCH_SIZE = 25;
/** Contract §7.10: after so many repetitions of one upload it is given up. */
export const UPLOAD_RETRIES = 3;

export interface UploadParts {
  readonly http: HttpClient;
  readonly files: Files;
  readonly environment: Environment;
  readonly log: Log;
}

/** The record of what was uploaded, which is kept on the device after each step. */
export interface Journal {
  checkpoint(): Checkpoint;
  /** Keeps the next checkpoint and how far the stage is. */
  note(next: Checkpoint, stage: MigrationStage, share: number): Promise<void>;
}

/**
 * Sends everything of an export that is not there yet: heroes with their avatars, the events that stories use, stories, the
 * other events, then the other files.
 *
 * @throws EarshotError
 */
export async function uploadExport(
  parts: UploadParts,
  { data, file }: MigrationSource,
  journal: Journal,
  server: ReadonlyMap<string, ServerEntity>,
  signal: AbortSignal,
): Promise<void> {
  const { http, files, environment, log } = parts;
  const existing = new Set(journal.checkpoint().existing);

  async function send(
    kind: MigratedKind,
    given: readonly BatchItem[],
    stage: MigrationStage,
    until: number,
  ): Promise<void> {
    const items = given.filter(({ id }) => journal.checkpoint().ids[kind][id] === undefined);
    for (let from = 0; from < items.length; from += BATCH_SIZE) {
      const share = (until * Math.min(from + BATCH_SIZE, items.length)) / items.length;
      await sendSome(kind, items.slice(from, from + BATCH_SIZE), stage, share);
    }
    await journal.note(journal.checkpoint(), stage, until);
  }

  async function sendSome(
    kind: MigratedKind,
    items: readonly BatchItem[],
    stage: MigrationStage,
    share: number,
  ): Promise<void> {
    let left = items;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      await journal.note({ ...journal.checkpoint(), sending: { kind, items: left } }, stage, share);
      const { results } = await files.batch(kind, left, { signal });
      await journal.note(withIds(journal.checkpoint(), kind, results.created), stage, share);
      const refused = new Map(results.failed.map(({ localId, error }) => [localId, error]));
      left = left.filter(({ id }) => refused.has(id));
      if (left.length === 0) return;
      if (attempt >= UPLOAD_RETRIES) {
        throw new EarshotError('migrationIncomplete', { fields: Object.fromEntries(refused) });
      }
      await wait(environment, retryDelayMs(retryPolicies.default, attempt, environment), signal);
    }
  }

  /** Null when there is nothing to send. */
  const sendFile = async (
    reference: MediaReference,
    category: FileCategory,
    binding: FileBinding,
  ): Promise<UploadedFile | null> => {
    const bytes = await file(reference.localPath);
    const mimeType = bytes && mediaTypeOf(bytes);
    if (!bytes || !mimeType) {
      log('warn', 'migration', 'a file was left out', { type: reference.type, found: bytes !== null });
      return null;
    }
    const { fileName } = reference;
    const { sha256, id } = await files.upload({ fileName, mimeType, category, bytes, binding }, { signal });
    return { sha256, serverId: id };
  };

  async function sendFiles(
    references: readonly MediaReference[],
    stage: MigrationStage,
    [from, to]: readonly [number, number],
  ): Promise<void> {
    for (const [index, reference] of references.entries()) {
      const checkpoint = journal.checkpoint();
      const name = nameOf(reference);
      const sent = checkpoint.files[name] ?? (await sendReference(reference));
      const next = sent ? { ...checkpoint, files: { ...checkpoint.files, [name]: sent } } : checkpoint;
      await journal.note(next, stage, from + ((to - from) * (index + 1)) / references.length);
    }
  }

  const illustrations = new Map(
    storiesWithHero(data).flatMap((story) => story.illustrations.map((each) => [each.id, { story, each }])),
  );
  const stories = new Map(data.stories.map((story): [string, ExportedStory] => [story.id, story]));

  /** What was there before keeps the file that it has. */
  const has = (serverId: string | undefined, field: string): boolean =>
    serverId !== undefined && existing.has(serverId) && Boolean(server.get(serverId)?.value[field]);

  /** Null when what it belongs to is not there, or has a file of its own. */
  async function sendReference(reference: MediaReference): Promise<UploadedFile | null> {
    const { type, entityId } = reference;
    const { ids } = journal.checkpoint();
    if (type === 'avatar') {
      const heroId = ids.heroes[entityId];
      return heroId && !has(heroId, 'avatarUrl') ? await sendFile(reference, 'avatar', { heroId }) : null;
    }
    if (type === 'pictogram') {
      const customEventId = ids['custom-events'][entityId];
      return customEventId ? await sendFile(reference, 'pictogram', { customEventId }) : null;
    }
    if (type === 'audio') {
      const storyId = ids.stories[entityId];
      if (!storyId || has(storyId, 'audioUrl')) return null;
      const { estimatedDuration = 0, language } = stories.get(entityId) ?? {};
      const audioDuration = estimatedDuration > 0 ? { audioDuration: estimatedDuration } : {};
      return await sendFile(reference, 'audio', { storyId, ...(language && { language }), ...audioDuration });
    }
    const found = illustrations.get(entityId);
    const storyId = found && ids.stories[found.story.id];
    if (!found || !storyId) return null;
    const { each } = found;
    const prompt = each.dallePrompt || each.imagePrompt;
    return await sendFile(reference, 'illustration', {
      storyId,
      localId: entityId,
      displayOrder: each.displayOrder,
      audioTimestamp: each.timestamp,
      ...(prompt && { imagePrompt: prompt, sceneDescription: prompt }),
      ...(each.generationId && { generationId: each.generationId }),
    });
  }

  async function sendProfiles(): Promise<void> {
    for (const { id, visualProfile } of data.heroes) {
      const checkpoint = journal.checkpoint();
      const heroId = checkpoint.ids.heroes[id];
      if (!visualProfile || !heroId || checkpoint.profiles.includes(id)) continue;
      const request = {
        path: `/api/heroes/${encodeURIComponent(heroId)}/visual-profile`,
        body: profileFields(visualProfile),
        signal,
      };
      await http.data({ method: 'POST', ...request }).catch(async (error: unknown) => {
        // An attempt whose answer was lost, or a profile that was there before.
        if (!isEarshotError(error, 'conflict')) throw error;
        if (!existing.has(heroId)) await http.data({ method: 'PATCH', ...request });
      });
      await journal.note({ ...checkpoint, profiles: [...checkpoint.profiles, id] }, 'uploadingHeroes', 0.5);
    }
  }

  const references = filesOf(data);
  const taken = storiesWithHero(data);
  const used = new Set(taken.map(({ customEventId }) => customEventId));

  await send('heroes', data.heroes.map(heroItem), 'uploadingHeroes', 0.5);
  await sendProfiles();
  await sendFiles(
    references.filter(({ type }) => type === 'avatar'),
    'uploadingHeroes',
    [0.5, 1],
  );
  // A story names its event, so those go first; the rest has a stage of its own.
  const usedEvents = data.customEvents.filter(({ id }) => used.has(id));
  await send('custom-events', usedEvents.map(eventItem), 'uploadingStories', 0.2);
  const { ids } = journal.checkpoint();
  await send(
    'stories',
    taken.map((story) => storyItem(story, ids)),
    'uploadingStories',
    1,
  );
  await send('custom-events', data.customEvents.map(eventItem), 'uploadingCustomEvents', 1);
  await sendFiles(
    references.filter(({ type }) => type !== 'avatar'),
    'uploadingMedia',
    [0, 1],
  );
}

const nameOf = ({ type, entityId }: MediaReference): string => `${type}:${entityId}`;

/** What was answered is known, and nothing is on its way any more. */
export const withIds = (
  checkpoint: Checkpoint,
  kind: MigratedKind,
  created: readonly { readonly localId: string; readonly serverId: string }[],
): Checkpoint => ({
  ...checkpoint,
  sending: null,
  ids: {
    ...checkpoint.ids,
    [kind]: {
      ...checkpoint.ids[kind],
      ...Object.fromEntries(created.map(({ localId, serverId }) => [localId, serverId])),
    },
  },
});
