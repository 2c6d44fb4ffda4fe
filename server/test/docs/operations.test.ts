import { expect, it } from 'vitest';
import { describeConfig } from '../../src/config.js';
import { filesIn, proseOf, read } from './pages.js';

/** All of the server's words: strings that continue on the next line in one piece, without their quotation marks. */
const source = filesIn('server/src', '.ts')
  .map(read)
  .join('\n')
  .replaceAll(/['"`]\s*\+\s*['"`]/g, '')
  .replaceAll('`', '');
const variables = new Set(describeConfig().map(({ name }) => name));

const page = proseOf('docs/operations.md').replaceAll(/\s+/g, ' ').replaceAll('\\|', '|');
const quoted = [...new Set([...page.matchAll(/`([^`]+)`/g)].flatMap(([, words]) => words ?? []))];

const isCommand = (words: string) =>
  /^(npm|node|kill|nginx|caddy|systemd-analyze|earshot|openssl) /.test(words);
const isSentence = (words: string) => /^[A-Za-z][^{}=<>/]* [^{}=<>]*$/.test(words) && !isCommand(words);
const isCode = (words: string) =>
  /^([A-Z][A-Z0-9]*(_[A-Z0-9]+)*|[a-z]+(_[a-z0-9]+)+|messaging\/[a-z-]+)$/.test(words);
/** `jobs{state="queued"}` is the metric `jobs`. */
const metricIn = (words: string) => /^([a-z_]+)\{/.exec(words)?.[1];

/** What others say: prom-client and PostgreSQL. */
const foreign = new Set(['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds', 'max_connections']);

it('operations.md quotes only sentences that the server can say', () => {
  const sentences = quoted.filter(isSentence);
  expect(sentences.length).toBeGreaterThan(50);
  const isSaid = (words: string) => words.split('…').every((piece) => source.includes(piece.trim()));
  expect(sentences.filter((words) => !isSaid(words))).toEqual([]);
});

it('operations.md names only codes, settings and metrics that there are', () => {
  const names = quoted.flatMap((words) => (isCode(words) ? words : (metricIn(words) ?? [])));
  expect(names.length).toBeGreaterThan(50);
  const isKnown = (name: string) =>
    variables.has(name) || foreign.has(name) || source.includes(`'${name}'`) || source.includes(`${name}:`);
  expect(names.filter((name) => !isKnown(name))).toEqual([]);
});

it('every way of failing in operations.md begins with how it shows', () => {
  const [, runbooks = ''] = proseOf('docs/operations.md').split('\n## Runbooks\n');
  const failures = runbooks.split('\n### ').filter((text) => text.includes('*Shows as*'));
  expect(failures.length).toBeGreaterThan(8);
  for (const text of failures) {
    const [heading, shows = ''] = text.split('\n\n');
    expect(`${heading}: ${shows}`).toMatch(/: \*Shows as\* [\s\S]*`/);
  }
});
