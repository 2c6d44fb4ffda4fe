import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LineCount } from './covered/lines.js';
import { countLines } from './covered/lines.js';

const dist = new URL('../dist/', import.meta.url);
let folder: string;
let counted: ReadonlyMap<string, LineCount>;

/** The other tests of the client, again, over the built library and with V8 counting. */
async function runCounting(): Promise<{ readonly code: number | null; readonly output: string }> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const config = fileURLToPath(new URL('covered/vitest.config.ts', import.meta.url));
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...environment } = process.env;
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, '--silent'], {
    env: { ...environment, NODE_V8_COVERAGE: folder, HISTORIES: '25' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      output += part.toString();
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-coverage-'));
  const { code, output } = await runCounting();
  if (code !== 0) throw new Error(output.slice(-4000));
  counted = await countLines(folder, dist);
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

function shareOf(...folders: readonly string[]): number {
  const chosen = [...counted].filter(([path]) => folders.some((each) => path.startsWith(`${each}/`)));
  const sum = (of: (count: LineCount) => number) => chosen.reduce((total, [, count]) => total + of(count), 0);
  return (100 * sum(({ covered }) => covered)) / sum(({ lines }) => lines);
}

test.each([
  ['sync paths', 80, ['sync', 'queue', 'records', 'conflicts', 'listening', 'stores']],
  ['repositories', 80, ['repositories', 'generation']],
  ['media', 80, ['media', 'files']],
  ['the API client', 85, ['http']],
  ['auth state', 90, ['auth']],
] as const)(
  'row 28: of the lines of %s more than %d %% are run by the unit tests',
  (name, limit, folders) => {
    const share = shareOf(...folders);
    console.info(`row 28: ${name} ${share.toFixed(1)} % (limit ${limit})`);
    for (const [path, { missed }] of counted) {
      if (missed.length > 0 && folders.some((each) => path.startsWith(`${each}/`)))
        console.info(`  ${path}: not run ${missed.join(', ')}`);
    }
    expect(share).toBeGreaterThan(limit);
  },
);
