import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFileStore } from '../../src/stores/file.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'earshot-lock-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** Another process that lives until it is ended. */
async function neighbour() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("here")'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    end: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const lock = (holder: unknown): Promise<void> =>
  writeFile(join(directory, 'lock'), typeof holder === 'string' ? holder : JSON.stringify(holder));

test('a store that another process has open is refused, until that process is no more', async () => {
  const other = await neighbour();
  try {
    await lock({ pid: other.pid, began: null });
    await expect(openFileStore({ directory })).rejects.toThrow(`another process (${other.pid})`);
  } finally {
    await other.end();
  }
  const store = await openFileStore({ directory });
  await store.write((tx) => tx.put('settings', { id: 'a', value: 1 }));
  await store.close();
  expect(await readdir(directory)).not.toContain('lock');
});

test('a lock of an earlier process with the same number, or one that was cut off, counts for nothing', async () => {
  const other = await neighbour();
  try {
    if (process.platform === 'linux') {
      await lock({ pid: other.pid, began: '1' });
      await (await openFileStore({ directory })).close();
    }
    await lock('{"pid":');
    await (await openFileStore({ directory })).close();
    await lock({ pid: process.pid, began: null });
    await (await openFileStore({ directory })).close();
  } finally {
    await other.end();
  }
});

test('opened twice in one process it stays locked until both are closed', async () => {
  const first = await openFileStore({ directory });
  const second = await openFileStore({ directory });
  await first.close();
  expect(await readdir(directory)).toContain('lock');
  await second.close();
  expect(await readdir(directory)).not.toContain('lock');
});
