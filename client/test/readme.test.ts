import { readFile } from 'node:fs/promises';
import { afterEach, expect, test, vi } from 'vitest';
import * as library from '../src/index.js';
import { createFakeServer, json } from './support/fake-server.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the examples of the README run, and print what they say', async () => {
  const server = createFakeServer();
  server.route = ({ path }) =>
    path === '/api/auth/sign-up/email'
      ? json({ token: server.token, user: { id: 'user-1', name: 'parent', email: 'parent@example.com' } })
      : undefined;
  vi.stubGlobal('fetch', server.fetch);
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');
  expect(examples).toHaveLength(2);
  for (const code of examples) {
    const printed: string[] = [];
    const body = code.replace(/import (\{[^}]*\}) from '@earshot\/client';/, 'const $1 = library;');
    const run = new Function('library', 'console', `return (async () => {${body}})()`);
    await run(library, { log: (...words: unknown[]) => printed.push(words.join(' ')) });
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, words]) => words);
    expect(printed).toEqual(promised);
  }
});
