import type { ExportedEvent, ExportedHero, ExportedStory, MigrationSource } from '../../src/index.js';
import { EXPORT_VERSION } from '../../src/index.js';
import { metadataOf } from '../../src/migration/open-export.js';

const START = {
  png: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  mp3: Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0),
};

/** Bytes that look like a picture or a narration, other ones for each name. */
function fileOf(path: string, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) bytes[index] = path.charCodeAt(index % path.length);
  bytes.set(path.endsWith('.mp3') ? START.mp3 : START.png);
  return bytes;
}

export interface OldLibrary extends MigrationSource {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** An export of the old app: each story has a hero in turn, every second one a custom event, a narration and two pictures. */
export function oldLibrary(
  size: {
    readonly heroes?: number;
    readonly stories?: number;
    readonly events?: number;
    readonly pictures?: number;
    readonly fileBytes?: number;
  } = {},
): OldLibrary {
  const { heroes = 3, stories = 4, events = 2, pictures = 2, fileBytes = 2000 } = size;
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const file = (path: string): string => {
    files.set(path, fileOf(path, fileBytes));
    return path;
  };
  const createdAt = '2025-11-03T19:30:00.000Z';
  const data = {
    version: EXPORT_VERSION,
    exportDate: '2025-12-01T08:00:00.000Z',
    heroes: Array.from(
      { length: heroes },
      (_, index): ExportedHero => ({
        id: `HERO-${index}`,
        name: `Hero ${index}`,
        age: 4 + (index % 8),
        traits: ['Brave', 'Kind'],
        specialAbility: 'Talks to owls',
        appearance: 'Red boots',
        avatarPrompt: 'A child in red boots',
        avatarImagePath: file(`Avatars/avatar_HERO-${index}.png`),
        createdAt,
        visualProfile: { hairColor: 'brown', hairStyle: 'curly', build: 'small', clothingStyle: 'red boots' },
      }),
    ),
    stories: Array.from(
      { length: stories },
      (_, index): ExportedStory => ({
        id: `STORY-${index}`,
        heroId: `HERO-${index % heroes}`,
        title: `The lighthouse, part ${index}`,
        content:
          `Once there was a lighthouse that hummed, ${index} times a night. “Listen”, said the owl. `.repeat(
            5,
          ),
        language: index % 2 === 0 ? 'English' : 'French',
        createdAt,
        isFavorite: index % 3 === 0,
        estimatedDuration: 60 + index,
        playCount: index,
        ...(index % 2 === 0 && events > 0
          ? { customEventId: `EVENT-${index % events}` }
          : { builtInEvent: 'Bedtime Adventure' }),
        audioFilePath: file(`Audio/audio_STORY-${index}.mp3`),
        illustrations: Array.from({ length: pictures }, (_, scene) => ({
          id: `PICTURE-${index}-${scene}`,
          sceneNumber: scene + 1,
          displayOrder: scene,
          timestamp: scene * 20,
          dallePrompt: `Scene ${scene} of story ${index}`,
          imagePath: file(`StoryIllustrations/illustration_${index}_${scene}.png`),
          generationStatus: 'completed',
        })),
      }),
    ),
    customEvents: Array.from(
      { length: events },
      (_, index): ExportedEvent => ({
        id: `EVENT-${index}`,
        title: `Event ${index}`,
        eventDescription: 'At the lake',
        promptSeed: 'Learning to float',
        category: 'learning',
        ageRange: '4-6 years',
        tone: 'calming',
        keywords: ['water', 'courage'],
        usageCount: index,
        isFavorite: index === 0,
      }),
    ),
  };
  const bytes = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    data: { ...data, metadata: metadataOf(data.heroes, data.stories, data.customEvents, bytes) },
    file: async (path) => files.get(path) ?? null,
    files,
  };
}
