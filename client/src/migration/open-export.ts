import { EarshotError } from '../http/errors.js';
import type { LocalExport, MigrationSource } from './export-format.js';
import { EXPORT_VERSION } from './export-format.js';
import { openZip } from './zip.js';

/** The document in an archive; its files lie beside it under their paths. */
export const EXPORT_DOCUMENT = 'export.json';

/**
 * Reads an export: a ZIP archive of `export.json` and its files, or the JSON document alone.
 *
 * @param files by their paths in the document, for a document that is not in an archive
 * @throws EarshotError `invalidExport`
 */
export async function openExport(
  file: Blob,
  files: ReadonlyMap<string, Blob> = new Map(),
): Promise<MigrationSource> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  // "PK": every ZIP archive begins with it.
  if (start[0] !== 0x50 || start[1] !== 0x4b) {
    return {
      data: parseExport(await file.text()),
      file: async (path) => {
        const found = files.get(path);
        return found ? new Uint8Array(await found.arrayBuffer()) : null;
      },
    };
  }
  const archive = await openZip(file);
  // Who zips a folder by hand gets the folder's name before everything.
  const name = archive.names.find((each) => each === EXPORT_DOCUMENT || each.endsWith(`/${EXPORT_DOCUMENT}`));
  const document = name === undefined ? null : await archive.read(name);
  if (name === undefined || document === null) throw new EarshotError('invalidExport');
  const folder = name.slice(0, -EXPORT_DOCUMENT.length);
  return {
    data: parseExport(new TextDecoder().decode(document)),
    file: (path) => archive.read(`${folder}${path.replace(/^(\.?\/)+/, '')}`),
  };
}

/** @throws EarshotError `invalidExport` for anything but an export of version 1.0, with what is wrong in `fields` */
export function parseExport(text: string): LocalExport {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new EarshotError('invalidExport', { cause });
  }
  const fields = problemsOf(given);
  if (Object.keys(fields).length > 0) throw new EarshotError('invalidExport', { fields });
  const { heroes, stories, customEvents, ...rest } = given as LocalExport;
  return {
    ...rest,
    heroes,
    stories: stories.map((story) => ({ ...story, illustrations: story.illustrations ?? [] })),
    customEvents: customEvents ?? [],
    metadata: rest.metadata ?? metadataOf(heroes, stories, customEvents ?? []),
  };
}

/** What the numbers of an export would be, for one that does not tell them. */
export const metadataOf = (
  heroes: LocalExport['heroes'],
  stories: LocalExport['stories'],
  customEvents: LocalExport['customEvents'],
  estimatedDataSize = 0,
): LocalExport['metadata'] => ({
  totalHeroes: heroes.length,
  totalStories: stories.length,
  totalCustomEvents: customEvents.length,
  totalAudioFiles: stories.filter(({ audioFilePath }) => audioFilePath).length,
  totalAvatarFiles: heroes.filter(({ avatarImagePath }) => avatarImagePath).length,
  totalIllustrationFiles: stories.flatMap(({ illustrations }) =>
    (illustrations ?? []).filter(({ imagePath }) => imagePath),
  ).length,
  estimatedDataSize,
});

type Kind = 'string' | 'number' | 'boolean' | 'array' | 'object';
type Fields = Readonly<Record<string, Kind>>;
interface Rules {
  readonly required: Fields;
  /** What may be missing or null, but not something else. */
  readonly optional: Fields;
}

const RULES: Readonly<Record<'heroes' | 'stories' | 'customEvents' | 'illustrations' | 'media', Rules>> = {
  heroes: {
    required: { id: 'string', name: 'string', traits: 'array' },
    optional: {
      age: 'number',
      specialAbility: 'string',
      specialAbilities: 'array',
      appearance: 'string',
      avatarImagePath: 'string',
      visualProfile: 'object',
    },
  },
  stories: {
    required: { id: 'string', heroId: 'string', title: 'string', content: 'string', language: 'string' },
    optional: {
      customEventId: 'string',
      audioFilePath: 'string',
      estimatedDuration: 'number',
      playCount: 'number',
      isFavorite: 'boolean',
      illustrations: 'array',
    },
  },
  customEvents: {
    required: { id: 'string', title: 'string', promptSeed: 'string' },
    optional: { keywords: 'array', pictogramPath: 'string', isFavorite: 'boolean' },
  },
  illustrations: {
    required: { id: 'string' },
    optional: { imagePath: 'string', timestamp: 'number', displayOrder: 'number', dallePrompt: 'string' },
  },
  media: { required: { localPath: 'string' }, optional: { sha256: 'string' } },
};
const LISTS = ['heroes', 'stories', 'customEvents'] as const;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

function problemsOf(given: unknown): Record<string, string> {
  if (!isObject(given)) return { export: 'must be an object' };
  const problems: Record<string, string> = {};
  if (given.version !== EXPORT_VERSION) problems.version = `must be ${EXPORT_VERSION}`;
  for (const list of LISTS) {
    const items = given[list] ?? (list === 'customEvents' ? [] : undefined);
    checkItems(list, items, RULES[list], problems);
  }
  if (Object.keys(problems).length > 0) return problems;
  for (const [index, story] of (given.stories as readonly LocalExport['stories'][number][]).entries()) {
    checkItems(`stories[${index}].illustrations`, story.illustrations ?? [], RULES.illustrations, problems);
  }
  checkItems('media', given.media ?? [], RULES.media, problems);
  return problems;
}

function checkItems(place: string, items: unknown, rules: Rules, problems: Record<string, string>): void {
  if (!Array.isArray(items)) {
    problems[place] = 'must be a list';
    return;
  }
  const ids = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    const here = `${place}[${index}]`;
    if (!isObject(item)) {
      problems[here] = 'must be an object';
      continue;
    }
    for (const [field, kind] of Object.entries({ ...rules.required, ...rules.optional })) {
      const missing = item[field] === undefined || item[field] === null;
      if (missing && field in rules.optional) continue;
      if (kindOf(item[field]) !== kind) problems[`${here}.${field}`] = `must be a ${kind}`;
    }
    if (item.id !== undefined && ids.has(item.id)) problems[`${here}.id`] = 'is there twice';
    ids.add(item.id);
  }
}
