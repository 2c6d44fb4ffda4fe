import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('row 10: the client holds no key of an AI provider, and imports nothing but Dexie, in its adapter', async () => {
  const folder = new URL('../src/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  for (const file of files) {
    const source = await readFile(new URL(file, folder), 'utf8');
    expect(source).not.toMatch(/sk-[A-Za-z0-9]|api\.openai\.com|OPENAI_API_KEY|api[_-]?key/i);
    for (const [, target] of source.matchAll(/from '([^.'][^']*)'/g)) {
      const allowed = {
        'stores/dexie.ts': /^dexie$/,
        'stores/dexie-media.ts': /^dexie$/,
        'stores/file.ts': /^node:/,
        'stores/file-journal.ts': /^node:/,
        'stores/file-lock.ts': /^node:/,
        'stores/file-media.ts': /^node:/,
      };
      expect(target).toMatch(allowed[file as keyof typeof allowed] ?? /^nothing$/);
    }
  }
});
