import { readFile } from 'node:fs/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { EntityValue } from '../src/index.js';
import * as library from '../src/index.js';
import { createFakeServer, json } from './support/fake-server.js';
import { oldLibrary } from './support/old-library.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the examples of the README run, and print what they say', async () => {
  const server = createFakeServer();
  server.route = ({ path, body }) => {
    if (path.startsWith('/api/auth/sign-'))
      return json({
        token: server.token,
        user: { id: 'user-1', name: 'parent', email: 'parent@example.com' },
      });
    if (path !== '/api/batch/heroes') return undefined;
    const { heroes } = body as { readonly heroes: readonly (EntityValue & { readonly id: string })[] };
    const created = heroes.map(({ id, ...fields }) => ({
      localId: id,
      serverId: server.put('hero', id, fields).id,
    }));
    return json({ results: { created, failed: [], total: created.length } });
  };
  const [hero] = oldLibrary({ heroes: 1, stories: 0, events: 0 }).data.heroes;
  const { avatarImagePath: _, visualProfile: __, ...plain } = hero ?? {};
  const file = new Blob([JSON.stringify({ version: '1.0', heroes: [plain], stories: [] })]);
  vi.stubGlobal('fetch', server.fetch);
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');
  expect(examples).toHaveLength(3);
  for (const code of examples) {
    const printed: string[] = [];
    const body = code.replace(/import (\{[^}]*\}) from '@earshot\/client';/, 'const $1 = library;');
    const run = new Function('library', 'file', 'console', `return (async () => {${body}})()`);
    await run(library, file, {
      debug: () => undefined,
      log: (...words: unknown[]) => printed.push(words.join(' ')),
    });
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, words]) => words);
    expect(printed).toEqual(promised);
  }
});
