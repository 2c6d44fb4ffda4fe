import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoriesApp } from '../../../server/test/support/stories-app.js';
import { startStoriesApp } from '../../../server/test/support/stories-app.js';
import { createEarshotClient, createMemoryStore } from '../../src/index.js';
import { exportText } from '../../src/migration/export-local-data.js';
import { createZip } from '../../src/migration/zip.js';
import { oldLibrary } from '../support/old-library.js';
import { seededRandom } from '../support/world.js';

const script = fileURLToPath(new URL('../support/migrating-process.mjs', import.meta.url));
/** In which stages the process ends, one life after the other. */
const STAGES = [
  'exportingData',
  'uploadingHeroes',
  'uploadingHeroes',
  'uploadingStories',
  'uploadingCustomEvents',
  'uploadingMedia',
  'uploadingMedia',
  'verifying',
  'finalizing',
];

let app: StoriesApp;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-killed-'));
  app = await startStoriesApp('SQLite and files');
});
afterAll(async () => {
  await app?.stop();
  await rm(folder, { recursive: true });
});

/** Runs the process; kills it some milliseconds after it reached a stage. @returns the lines it wrote */
async function life(
  email: string,
  exported: string,
  death?: { readonly stage: string; readonly afterMs: number },
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [script, app.url, join(folder, 'device'), email, exported], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  let doomed = false;
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (doomed || line !== death?.stage) continue;
    doomed = true;
    setTimeout(() => child.kill('SIGKILL'), death.afterMs);
  }
  await ended;
  return lines;
}

test('row 12: a process that is killed by kill -9 while it migrates finds everything and makes nothing twice', async () => {
  const source = oldLibrary({ heroes: 3, stories: 6, events: 3, pictures: 2 });
  const archive = createZip();
  for (const [path, bytes] of source.files) archive.add(path, bytes);
  archive.add('export.json', new Uint8Array(Buffer.from(exportText(source.data))));
  const exported = join(folder, 'export.zip');
  await writeFile(exported, Buffer.from(await archive.finish().arrayBuffer()));
  const email = `parent-${crypto.randomUUID()}@example.com`;
  const reader = createEarshotClient({ baseUrl: app.url, store: createMemoryStore() });
  await reader.auth.signUp({ email, password: 'a long enough password' });

  const random = seededRandom(7);
  const reached: string[] = [];
  for (const stage of STAGES) {
    const lines = await life(email, exported, { stage, afterMs: random() * 60 });
    reached.push(lines.at(-1) ?? '');
    if (lines.at(-1)?.startsWith('ended')) break;
  }
  const last = await life(email, exported);
  console.info(`row 12: killed in ${reached.join(', ')}`);
  expect(last.at(-1)).toBe('ended: completed');

  await reader.sync.sync();
  const stories = (await reader.stories.list({ policy: 'cacheOnly' })).items;
  const titles = source.data.stories.map(({ title }) => title);
  expect(stories.map(({ title }) => title).sort()).toEqual(titles.sort());
  expect((await reader.heroes.list({ policy: 'cacheOnly' })).items).toHaveLength(3);
  expect((await reader.customEvents.list({ policy: 'cacheOnly' })).items).toHaveLength(3);
  expect((await reader.illustrations.list({ policy: 'cacheOnly' })).items).toHaveLength(12);
  for (const { id, audioUrl } of stories) {
    expect(audioUrl).toBeTruthy();
    const { bytes } = await reader.media.downloadAndCache('audio', id);
    expect([...source.files.values()].some((file) => Buffer.from(file).equals(bytes))).toBe(true);
  }
  await reader.close();
}, 240_000);
