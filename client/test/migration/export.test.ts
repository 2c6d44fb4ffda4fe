import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isEarshotError, openExport, parseExport } from '../../src/index.js';
import { checkExport, filesOf } from '../../src/migration/check-export.js';
import { exportText } from '../../src/migration/export-local-data.js';
import { heroItem, profileFields } from '../../src/migration/items.js';
import { STAGE_PROGRESS } from '../../src/migration/migration-state.js';
import { crc32, createZip, openZip } from '../../src/migration/zip.js';
import { oldLibrary } from '../support/old-library.js';
import { seededRandom } from '../support/world.js';

const encode = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));

function archiveOf(library: ReturnType<typeof oldLibrary>, folder = ''): Blob {
  const zip = createZip();
  for (const [path, bytes] of library.files) zip.add(`${folder}${path}`, bytes);
  zip.add(`${folder}export.json`, encode(exportText(library.data)));
  return zip.finish();
}

const problemsOf = (given: unknown): Readonly<Record<string, string>> => {
  try {
    parseExport(JSON.stringify(given));
    return {};
  } catch (error) {
    if (!isEarshotError(error, 'invalidExport')) throw error;
    return error.fields;
  }
};

describe('an export', () => {
  test('is pretty JSON with sorted keys, version 1.0, the same for the same data', () => {
    const { data } = oldLibrary({ heroes: 1, stories: 1, events: 1, pictures: 1 });
    const text = exportText(data);
    expect(text).toMatch(/^\{\n {2}"customEvents": \[/);
    const topics = [...text.matchAll(/^ {2}"(\w+)":/gm)].map(([, name]) => name);
    expect(topics).toEqual([...topics].sort());
    expect(parseExport(text)).toEqual(JSON.parse(text));
    expect(exportText(parseExport(text))).toBe(text);
    expect(JSON.parse(text).version).toBe('1.0');
    expect(JSON.parse(text).metadata).toEqual({
      estimatedDataSize: 6000,
      totalAudioFiles: 1,
      totalAvatarFiles: 1,
      totalCustomEvents: 1,
      totalHeroes: 1,
      totalIllustrationFiles: 1,
      totalStories: 1,
    });
  });

  test('is read from an archive, also of a folder, and from a document with files beside it', async () => {
    const library = oldLibrary();
    const [path = '', bytes] = [...library.files][0] ?? [];
    for (const folder of ['', 'My stories/']) {
      const source = await openExport(archiveOf(library, folder));
      expect(source.data).toEqual(library.data);
      expect(await source.file(path)).toEqual(bytes);
      expect(await source.file(`./${path}`)).toEqual(bytes);
      expect(await source.file('Audio/none.mp3')).toBeNull();
    }
    const files = new Map([[path, new Blob([bytes ?? ''])]]);
    const source = await openExport(new Blob([exportText(library.data)]), files);
    expect(await source.file(path)).toEqual(bytes);
    expect(await source.file('Audio/none.mp3')).toBeNull();
  });

  test('without custom events, illustrations and numbers, as early ones were, is read as well', () => {
    const { heroes, stories, version, exportDate } = oldLibrary({ heroes: 1, stories: 1 }).data;
    const plain = stories.map(({ illustrations: _, ...story }) => story);
    const read = parseExport(JSON.stringify({ version, exportDate, heroes, stories: plain }));
    expect(read.stories[0]?.illustrations).toEqual([]);
    expect(read).toMatchObject({ customEvents: [], metadata: { totalHeroes: 1, totalIllustrationFiles: 0 } });
  });

  test('that is something else is refused, and what is wrong is told', async () => {
    expect(() => parseExport('{"version":')).toThrow('This is not an export of stories.');
    expect(problemsOf([])).toEqual({ export: 'must be an object' });
    expect(problemsOf({ version: '2.0', heroes: {}, stories: [1] })).toEqual({
      version: 'must be 1.0',
      heroes: 'must be a list',
      'stories[0]': 'must be an object',
    });
    const { data } = oldLibrary({ heroes: 1, stories: 0, events: 0 });
    const [hero] = data.heroes;
    expect(problemsOf({ ...data, heroes: [hero, { ...hero, name: 7 }] })).toEqual({
      'heroes[1].name': 'must be a string',
      'heroes[1].id': 'is there twice',
    });
    const zip = createZip();
    zip.add('readme.txt', encode('nothing'));
    await expect(openExport(zip.finish())).rejects.toMatchObject({ code: 'invalidExport' });
    await expect(openExport(new Blob(['PK and then something else']))).rejects.toMatchObject({
      code: 'invalidExport',
    });
  });

  test('is checked: stories without hero, missing files, what has to be adjusted, nothing at all', async () => {
    const library = oldLibrary({ heroes: 2, stories: 3, events: 0, pictures: 1 });
    const [first, second] = library.data.heroes;
    const [one, two, three] = library.data.stories;
    if (!first || !second || !one || !two || !three) throw new Error('The library is too small.');
    const { audioFilePath: _, ...silent } = two;
    const { avatarImagePath: __, ...faceless } = second;
    const data = {
      ...library.data,
      heroes: [{ ...first, age: 30, traits: [] }, faceless],
      stories: [one, silent, { ...three, heroId: 'NOBODY' }],
    };
    const gone = `Audio/audio_${one.id}.mp3`;
    const file = async (path: string) => (path === gone ? null : await library.file(path));
    const check = await checkExport({ data, file });
    expect(check.warnings.map(({ code, entityId }) => [code, entityId])).toEqual([
      ['missingAudio', two.id],
      ['storyWithoutHero', three.id],
      ['adjusted', first.id],
      ['adjusted', first.id],
      ['missingAvatar', second.id],
      ['missingAudio', one.id],
    ]);
    expect(check.counts).toEqual({ heroes: 2, stories: 2, customEvents: 0, media: 4 });
    const empty = oldLibrary({ heroes: 0, stories: 0, events: 0 });
    expect((await checkExport(empty)).warnings).toMatchObject([{ code: 'nothingToExport' }]);
  });

  test('is estimated at 2 s for a hero, 3 s for a story, 1 s for an illustration, 30 s at least', async () => {
    const seconds = async (size: Parameters<typeof oldLibrary>[0]) =>
      (await checkExport(oldLibrary(size))).estimatedSeconds;
    expect(await seconds({ heroes: 1, stories: 1 })).toBe(30);
    expect(await seconds({ heroes: 10, stories: 20, pictures: 3 })).toBe(20 + 60 + 60);
  });

  test('names every file once, with the checksum that was written', () => {
    const library = oldLibrary({ heroes: 1, stories: 1, events: 1, pictures: 1 });
    const [event] = library.data.customEvents;
    if (!event) throw new Error('There is no event.');
    const data = {
      ...library.data,
      customEvents: [{ ...event, pictogramPath: 'Pictograms/one.png' }],
      media: [
        {
          type: 'audio' as const,
          localPath: 'Audio/audio_STORY-0.mp3',
          entityId: '',
          fileName: '',
          sha256: 'abc',
        },
      ],
    };
    expect(filesOf(data)).toEqual([
      {
        type: 'avatar',
        localPath: 'Avatars/avatar_HERO-0.png',
        entityId: 'HERO-0',
        fileName: 'avatar_HERO-0.png',
      },
      { type: 'pictogram', localPath: 'Pictograms/one.png', entityId: 'EVENT-0', fileName: 'one.png' },
      {
        type: 'audio',
        localPath: 'Audio/audio_STORY-0.mp3',
        entityId: 'STORY-0',
        fileName: 'audio_STORY-0.mp3',
        sha256: 'abc',
      },
      {
        type: 'illustration',
        localPath: 'StoryIllustrations/illustration_0_0.png',
        entityId: 'PICTURE-0-0',
        fileName: 'illustration_0_0.png',
      },
    ]);
  });
});

test('heroes without an age or a trait get what is nearest to them; profiles get the names of the server', () => {
  const hero = { id: 'a', name: 'Luna', age: 0, traits: [], createdAt: '', appearance: '' };
  expect(heroItem(hero)).toEqual({ id: 'a', name: 'Luna', age: 5, traits: ['Curious'] });
  expect(heroItem({ ...hero, age: 40 }).age).toBe(12);
  expect(heroItem({ ...hero, age: 4.4, specialAbility: 'Flies' })).toMatchObject({
    age: 4,
    specialAbilities: ['Flies'],
  });
  expect(
    profileFields({ build: 'small', clothingStyle: 'boots', distinctiveFeatures: 'freckles' }),
  ).toMatchObject({
    bodyType: 'small',
    typicalClothing: 'boots',
    facialFeatures: 'freckles',
  });
});

test('the stages have the shares of contract §7.10', () => {
  expect(STAGE_PROGRESS).toEqual({
    authenticating: [0, 0.05],
    exportingData: [0.1, 0.2],
    uploadingHeroes: [0.2, 0.45],
    uploadingStories: [0.45, 0.7],
    uploadingCustomEvents: [0.7, 0.75],
    uploadingMedia: [0.75, 0.9],
    verifying: [0.9, 0.95],
    finalizing: [0.95, 1],
    complete: [1, 1],
  });
});

describe('an archive', () => {
  test('has the checksums of ZIP, and a damaged file of it is refused', async () => {
    expect(crc32(encode('123456789'))).toBe(0xcbf43926);
    const zip = createZip();
    zip.add('ä.txt', encode('Es war einmal'));
    const bytes = new Uint8Array(await zip.finish().arrayBuffer());
    const whole = await openZip(new Blob([bytes]));
    expect(whole.names).toEqual(['ä.txt']);
    expect(await whole.read('ä.txt')).toEqual(encode('Es war einmal'));
    const at = Buffer.from(bytes).indexOf('einmal');
    bytes[at] = 0;
    await expect((await openZip(new Blob([bytes]))).read('ä.txt')).rejects.toMatchObject({
      code: 'invalidExport',
    });
    await expect(openZip(new Blob([bytes.slice(0, 40)]))).rejects.toMatchObject({ code: 'invalidExport' });
  });

  test('that another program packed and compressed is read', async () => {
    const content = encode('Once upon a time. '.repeat(50));
    const packed = new Uint8Array(deflateRawSync(content));
    const zip = createZip();
    zip.add('story.txt', content);
    const stored = Buffer.from(await zip.finish().arrayBuffer());
    // The same archive as a compressing program writes it: method 8 and the packed bytes.
    const local = Buffer.from(stored.subarray(0, 39));
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    const rest = Buffer.from(stored.subarray(39 + content.length));
    rest.writeUInt16LE(8, 10);
    rest.writeUInt32LE(packed.length, 20);
    rest.writeUInt32LE(39 + packed.length, rest.length - 6);
    const files = await openZip(new Blob([local, packed, rest]));
    expect(await files.read('story.txt')).toEqual(content);
    rest.writeUInt16LE(12, 10);
    const other = await openZip(new Blob([local, packed, rest]));
    await expect(other.read('story.txt')).rejects.toMatchObject({ code: 'invalidExport' });
    rest.writeUInt16LE(8, 10);
    packed[0] = 0xff;
    const broken = await openZip(new Blob([local, packed, rest]));
    await expect(broken.read('story.txt')).rejects.toMatchObject({ code: 'invalidExport' });
  });
});

describe('row 29: damaged and made-up exports', () => {
  const onlyInvalid = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => {
      if (!isEarshotError(error, 'invalidExport')) throw error;
    });
  };

  test('an archive with any bytes changed is read or refused, and nothing else', async () => {
    const library = oldLibrary({ heroes: 1, stories: 1, events: 1, pictures: 1, fileBytes: 40 });
    const whole = new Uint8Array(await archiveOf(library).arrayBuffer());
    const random = seededRandom(3);
    for (let round = 0; round < 400; round += 1) {
      const bytes = whole.slice(0, round % 5 === 0 ? Math.floor(random() * whole.length) : whole.length);
      for (let change = 0; change < 1 + (round % 4); change += 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      bytes.set([0x50, 0x4b].slice(0, bytes.length));
      await onlyInvalid(async () => {
        const source = await openExport(new Blob([bytes]));
        await checkExport(source);
      });
    }
  });

  test('a document with any value replaced is checked or refused, and nothing else', async () => {
    const library = oldLibrary({ heroes: 1, stories: 1, events: 1, pictures: 1 });
    const data = { ...library.data, media: filesOf(library.data) };
    const strange = [null, 7, -1, 'x', true, [], {}, [null], { id: 1 }];
    const places: (readonly (string | number)[])[] = [];
    const walk = (value: unknown, path: readonly (string | number)[]): void => {
      if (path.length > 0) places.push(path);
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
    };
    walk(data, []);
    for (const path of places) {
      for (const value of strange) {
        const changed = structuredClone(data) as unknown as Record<string, unknown>;
        const parent = path.slice(0, -1).reduce((at, name) => at[name] as typeof changed, changed);
        parent[path.at(-1) ?? ''] = value;
        await onlyInvalid(async () => {
          const read = parseExport(JSON.stringify(changed));
          await checkExport({ data: read, file: async () => null });
          read.heroes.map(heroItem);
        });
      }
    }
    expect(places.length).toBeGreaterThan(50);
  });
});
