import type {
  ExportedHero,
  ExportedStory,
  LocalExport,
  MediaReference,
  MigrationSource,
} from './export-format.js';
import type { MigrationCounts } from './migration-state.js';

export interface ExportWarning {
  readonly code:
    | 'storyWithoutHero'
    | 'missingAudio'
    | 'missingAvatar'
    | 'missingFile'
    | 'adjusted'
    | 'nothingToExport';
  /** The old app's id; null when it is about the export as a whole. */
  readonly entityId: string | null;
  /** For the screen. */
  readonly message: string;
}

export interface ExportCheck {
  readonly warnings: readonly ExportWarning[];
  readonly counts: MigrationCounts;
  /** 2 s for a hero, 3 s for a story, 1 s for an illustration; at least 30 s. */
  readonly estimatedSeconds: number;
  /** Bytes. */
  readonly estimatedDataSize: number;
}

const SHORTEST_ESTIMATE_S = 30;

/** The stories whose hero is in the export too: the others cannot be taken along. */
export function storiesWithHero({ heroes, stories }: LocalExport): readonly ExportedStory[] {
  const known = new Set(heroes.map(({ id }) => id));
  return stories.filter(({ heroId }) => known.has(heroId));
}

/** The files that the entities of an export name. */
export function filesOf(data: LocalExport): readonly MediaReference[] {
  const reference = (
    type: MediaReference['type'],
    entityId: string,
    localPath?: string,
  ): MediaReference[] => {
    if (!localPath) return [];
    const told = data.media?.find((each) => each.localPath === localPath)?.sha256;
    const fileName = localPath.split('/').at(-1) ?? localPath;
    return [{ type, localPath, entityId, fileName, ...(told && { sha256: told }) }];
  };
  const stories = storiesWithHero(data);
  return [
    ...data.heroes.flatMap(({ id, avatarImagePath }) => reference('avatar', id, avatarImagePath)),
    ...data.customEvents.flatMap(({ id, pictogramPath }) => reference('pictogram', id, pictogramPath)),
    ...stories.flatMap(({ id, audioFilePath }) => reference('audio', id, audioFilePath)),
    ...stories.flatMap(({ illustrations }) =>
      illustrations.flatMap(({ id, imagePath }) => reference('illustration', id, imagePath)),
    ),
  ];
}

/** What is in an export and what is wrong with it. */
export async function checkExport({ data, file }: MigrationSource): Promise<ExportCheck> {
  const warnings: ExportWarning[] = [];
  const warn = (code: ExportWarning['code'], entityId: string | null, message: string): void => {
    warnings.push({ code, entityId, message });
  };
  const taken = storiesWithHero(data);
  for (const story of data.stories) {
    if (!taken.includes(story))
      warn('storyWithoutHero', story.id, `“${story.title}” has no hero and is left out.`);
    else if (!story.audioFilePath)
      warn('missingAudio', story.id, `“${story.title}” has no narration; it can be made anew.`);
  }
  for (const hero of data.heroes) {
    if (!hero.avatarImagePath) warn('missingAvatar', hero.id, `${hero.name} has no picture.`);
    for (const adjustment of adjustmentsOf(hero)) warn('adjusted', hero.id, adjustment);
  }
  const files = filesOf(data);
  for (const { localPath, entityId, type } of files) {
    if ((await file(localPath)) !== null) continue;
    const code = { audio: 'missingAudio', avatar: 'missingAvatar' }[type as string] ?? 'missingFile';
    warn(code as ExportWarning['code'], entityId, `The file ${localPath} is not in the export.`);
  }
  if (data.heroes.length + taken.length + data.customEvents.length === 0) {
    warn('nothingToExport', null, 'There is nothing in this export.');
  }
  const illustrations = taken.reduce((sum, story) => sum + story.illustrations.length, 0);
  return {
    warnings,
    counts: {
      heroes: data.heroes.length,
      stories: taken.length,
      customEvents: data.customEvents.length,
      media: files.length,
    },
    estimatedSeconds: Math.max(
      data.heroes.length * 2 + taken.length * 3 + illustrations,
      SHORTEST_ESTIMATE_S,
    ),
    estimatedDataSize: data.metadata.estimatedDataSize,
  };
}

/** Heroes of the old app had no age at first, and might have no traits: the server's limits, and what is nearest to them. */
export const MIN_AGE = 3;
export const MAX_AGE = 12;
export const DEFAULT_AGE = 5;
export const DEFAULT_TRAIT = 'Curious';

function adjustmentsOf({ name, age, traits }: ExportedHero): readonly string[] {
  return [
    ...(age >= MIN_AGE && age <= MAX_AGE && Number.isInteger(age)
      ? []
      : [`The age of ${name} is set to what is possible here (${MIN_AGE} to ${MAX_AGE}).`]),
    ...(traits.length > 0 ? [] : [`${name} gets the trait ${DEFAULT_TRAIT}.`]),
  ];
}
