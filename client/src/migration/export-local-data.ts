import { sha256Hex } from '../files/sha256.js';
import type { OnProgress } from '../http/client.js';
import type { MediaCache } from '../media/media-cache.js';
import type { StoredRecord } from '../records/record.js';
import type { LocalStore } from '../stores/local-store.js';
import type { MediaKind } from '../stores/media-store.js';
import type { CustomEvent, EntityValue, Hero, Illustration, Story, VisualProfile } from '../wire/entities.js';
import type {
  ExportedEvent,
  ExportedHero,
  ExportedIllustration,
  ExportedProfile,
  ExportedStory,
  LocalExport,
  MediaReference,
} from './export-format.js';
import { EXPORT_VERSION } from './export-format.js';
import { EXPORT_DOCUMENT, metadataOf } from './open-export.js';
import { createZip } from './zip.js';

/** How far the exporter is after each of its steps (contract §7.10). */
const STEPS = {
  begun: 0,
  heroes: 0.15,
  stories: 0.4,
  customEvents: 0.65,
  media: 0.8,
  metadata: 0.9,
  done: 1,
};

/**
 * Everything on this device as an archive: `export.json` and the files that are cached. What only the server has, such as
 * pictures that were never looked at here, is not in it. Dates of nothing are changed, and nothing is removed.
 */
export async function exportLocalData(
  {
    store,
    media,
    environment,
  }: {
    readonly store: LocalStore;
    readonly media: MediaCache;
    readonly environment: { now(): number };
  },
  { onProgress }: { readonly onProgress?: OnProgress } = {},
): Promise<Blob> {
  onProgress?.(STEPS.begun);
  const archive = createZip();
  const references: MediaReference[] = [];
  let bytes = 0;

  async function take(
    type: MediaReference['type'] & MediaKind,
    folder: string,
    id: string,
  ): Promise<string | undefined> {
    const cached = await media.get(type, id);
    if (!cached) return undefined;
    const fileName = cached.entry.key;
    const localPath = `${folder}/${fileName}`;
    archive.add(localPath, cached.bytes);
    bytes += cached.bytes.byteLength;
    references.push({
      type,
      localPath,
      entityId: id,
      fileName,
      sha256: await sha256Hex(cached.bytes),
    });
    return localPath;
  }

  const records = (await store.read((tx) => tx.all('records'))).filter(
    ({ status }) => status !== 'pendingDelete',
  );
  const of = (type: StoredRecord['type']): readonly StoredRecord[] =>
    records.filter((record) => record.type === type);

  const heroes: ExportedHero[] = [];
  for (const record of of('hero'))
    heroes.push(exportedHero(record, await take('avatar', 'Avatars', record.id)));
  onProgress?.(STEPS.heroes);

  const known = new Set(heroes.map(({ id }) => id));
  const stories: ExportedStory[] = [];
  for (const record of of('story')) {
    if (!known.has(String(record.value.heroId))) continue;
    const illustrations: ExportedIllustration[] = [];
    for (const picture of of('illustration').filter(({ value }) => value.storyId === record.id)) {
      const path = await take('illustration', 'StoryIllustrations', picture.id);
      illustrations.push(exportedIllustration(picture, path));
    }
    illustrations.sort((a, b) => a.displayOrder - b.displayOrder);
    stories.push(exportedStory(record, illustrations, await take('audio', 'Audio', record.id)));
  }
  onProgress?.(STEPS.stories);

  const customEvents = of('customEvent').map(exportedEvent);
  onProgress?.(STEPS.customEvents);
  onProgress?.(STEPS.media);
  const data: LocalExport = {
    version: EXPORT_VERSION,
    exportDate: new Date(environment.now()).toISOString(),
    heroes,
    stories,
    customEvents,
    media: references,
    metadata: metadataOf(heroes, stories, customEvents, bytes),
  };
  onProgress?.(STEPS.metadata);
  archive.add(EXPORT_DOCUMENT, new TextEncoder().encode(exportText(data)));
  const blob = archive.finish();
  onProgress?.(STEPS.done);
  return blob;
}

/** Pretty, with sorted keys: the same data make the same text. */
export const exportText = (data: LocalExport): string => `${JSON.stringify(sorted(data), null, 2)}\n`;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, sorted(field)]));
}

/** Without what is not there: optional members of an export are left out. */
function present<T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } {
  const entries = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: NonNullable<T[K]> };
}

const shown = <T>(record: StoredRecord): T => record.value as EntityValue as T;

function exportedHero(record: StoredRecord, avatarImagePath: string | undefined): ExportedHero {
  const hero = shown<Hero>(record);
  return present({
    id: record.id,
    name: hero.name,
    age: hero.age,
    traits: hero.traits,
    specialAbility: hero.specialAbilities?.[0],
    specialAbilities: hero.specialAbilities ?? undefined,
    appearance: hero.appearance ?? undefined,
    hairColor: hero.hairColor ?? undefined,
    eyeColor: hero.eyeColor ?? undefined,
    skinTone: hero.skinTone ?? undefined,
    height: hero.height ?? undefined,
    avatarPrompt: hero.avatarPrompt ?? undefined,
    avatarImagePath,
    avatarGenerationId: hero.avatarGenerationId ?? undefined,
    createdAt: hero.createdAt,
    visualProfile: hero.visualProfile ? exportedProfile(hero.visualProfile) : undefined,
  }) as ExportedHero;
}

const exportedProfile = (profile: VisualProfile): ExportedProfile =>
  present({
    hairColor: profile.hairColor,
    hairStyle: profile.hairStyle,
    eyeColor: profile.eyeColor,
    skinTone: profile.skinTone,
    height: profile.height,
    build: profile.bodyType,
    clothingStyle: profile.typicalClothing,
    distinctiveFeatures: profile.facialFeatures,
    artStyle: profile.artStyle,
  });

function exportedStory(
  record: StoredRecord,
  illustrations: readonly ExportedIllustration[],
  audioFilePath: string | undefined,
): ExportedStory {
  const story = shown<Story>(record);
  return present({
    id: record.id,
    heroId: story.heroId,
    title: story.title,
    content: story.content,
    builtInEvent: story.eventType ?? undefined,
    customEventId: story.customEventId ?? undefined,
    language: story.language,
    createdAt: story.createdAt,
    isFavorite: story.isFavorite,
    audioFilePath,
    estimatedDuration: story.audioDuration ?? 0,
    playCount: story.playCount + record.pendingPlays,
    illustrations,
  }) as ExportedStory;
}

function exportedIllustration(record: StoredRecord, imagePath: string | undefined): ExportedIllustration {
  const illustration = shown<Illustration>(record);
  return present({
    id: record.id,
    sceneNumber: illustration.displayOrder + 1,
    displayOrder: illustration.displayOrder,
    timestamp: illustration.audioTimestamp,
    dallePrompt: illustration.imagePrompt,
    imagePath,
    generationId: illustration.generationId ?? undefined,
    generationStatus: illustration.generationStatus,
  }) as ExportedIllustration;
}

function exportedEvent(record: StoredRecord): ExportedEvent {
  const event = shown<CustomEvent>(record);
  return present({
    id: record.id,
    title: event.title,
    eventDescription: event.description,
    promptSeed: event.promptSeed,
    category: event.category,
    ageRange: event.ageRange ?? undefined,
    tone: event.tone,
    keywords: event.keywords ?? [],
    usageCount: event.usageCount,
    isFavorite: event.isFavorite,
  }) as ExportedEvent;
}
