import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ground, layGround, startServer, type TestServer } from '../support/servers.js';
import { pages, read } from './pages.js';

interface Example {
  /** What a reader pastes. */
  readonly commands: string;
  /** The names of the fields of the answer that the page prints below; none when it prints none. */
  readonly fields: readonly string[];
}

/** The examples that ask the server, in order. Those that start a server are left out. */
const examplesOf = (page: string): Example[] =>
  [...read(page).matchAll(/^```sh\n([\s\S]*?)^```\n(?:```json\n([\s\S]*?)^```\n)?/gm)]
    .map(([, commands = '', answer = '']) => ({
      commands,
      fields: [...new Set([...answer.matchAll(/"(\w+)":/g)].flatMap(([, name]) => name ?? []))],
    }))
    .filter(({ commands }) => /localhost:3000|^field\(\)/m.test(commands));

const hasCurl = (() => {
  try {
    return execFileSync('curl', ['--version']).length > 0;
  } catch {
    return false;
  }
})();
const MARK = '--- example ';

let ground: Ground;
let server: TestServer;
let folder: string;

beforeAll(async () => {
  ground = await layGround('SQLite and files');
  // Off unless the operator wants it, and shown all the same.
  server = await startServer(ground, { VOICE_HISTORY: 'true' });
  folder = mkdtempSync(join(tmpdir(), 'earshot-examples-'));
});
afterAll(async () => {
  await server.stop();
  await ground.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What the terminal of a reader shows who pastes the examples one after the other; curl also tells each status. */
async function pasted(examples: readonly Example[]): Promise<string[]> {
  const script = [
    `curl() { command curl -w '%{stderr}\\nstatus %{http_code}\\n' "$@"; }`,
    ...examples.flatMap(({ commands }) => [`echo '${MARK}'`, commands]),
  ].join('\n');
  const address = server.url.replace('http://', '');
  const shell = spawn('bash', ['-c', `{ ${script.replaceAll('localhost:3000', address)}\n} 2>&1`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const shown = await text(shell.stdout);
  return shown.split(`${MARK}\n`).slice(1);
}

describe.skipIf(!hasCurl).each(pages.filter((page) => examplesOf(page).length > 0))('%s', (page) => {
  it('prints what its examples answer, when they are pasted from top to bottom', async () => {
    const examples = examplesOf(page);
    const shown = await pasted(examples);
    const problems = examples.flatMap(({ commands, fields }, index) => {
      const output = shown[index] ?? '';
      const refused = [...output.matchAll(/^status ([045]\d\d)$/gm)];
      const missing = fields.filter((name) => !output.includes(`"${name}":`));
      return refused.length > 0 || missing.length > 0 ? [{ commands, missing, output }] : [];
    });
    expect(problems).toEqual([]);
  }, 300_000);
});
