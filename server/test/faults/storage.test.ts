import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Media } from '../../src/platform/media/media.js';
import { startChildServer } from '../support/child-server.js';
import { eventually, layGround, startServer } from '../support/servers.js';
import { signIn } from '../support/speech-client.js';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A file system of its own, or null where mounting is not allowed. */
function smallDisk(bytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-disk-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null; // the caller skips, and says so
  }
  cleanUps.push(() => {
    execFileSync('umount', ['-l', folder]);
  });
  return folder;
}

describe('a full disk', () => {
  it('is told as 507 with nothing half-written, and is over once there is space', async (context) => {
    const disk = smallDisk(6 * 1024 * 1024);
    if (!disk) return context.skip('this machine does not allow mounting a small disk');
    const server = await startChildServer({ DATA_DIR: disk, NODE_ENV: 'test' });
    cleanUps.push(async () => {
      await server.end('SIGKILL');
    });
    const device = await signIn(server.url);
    await device.speak('Before the disk is full.');
    const ballast = join(disk, 'ballast');
    let size = 6 * 1024 * 1024;
    while (size > 1_024) {
      try {
        writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' });
      } catch {
        size = Math.floor(size / 2); // no room for this much: fill the rest with less
      }
    }
    const refused = await eventually(
      () => device.generate(`No room for this. ${'x'.repeat(40_000)} ${Math.random()}`),
      ({ status }) => status !== 200,
    );
    expect([refused.status, refused.json.code]).toEqual([507, 'STORAGE_FULL']);
    expect((await device.call('/health')).status).toBe(200);
    const before = (await device.call('/tts/files')).json.length;
    rmSync(ballast);
    const { status } = await device.speak('After space was freed.');
    expect(status.json.status).toBe('ready');
    expect((await device.call('/tts/files')).json).toHaveLength(before + 1);
  });

  it('in the media store fails the file with words, and a new try succeeds', async () => {
    const ground = await layGround('SQLite and files');
    let isFull = true;
    const { openFileMedia } = await import('../../src/platform/media/files/index.js');
    const real = await openFileMedia(join(ground.dataDirectory, 'media'));
    const media: Media = {
      ...real,
      put: async (key, source) => {
        if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        return real.put(key, source);
      },
    };
    const server = await startServer(ground, {}, { media });
    const device = await signIn(server.url);
    const ordered = await device.generate('It did not fit.');
    await new Promise((resolve) => setTimeout(resolve, 700));
    isFull = false;
    const done = await eventually(
      () => device.status(ordered.json.content_hash),
      ({ json }) => json.status !== 'generating',
    );
    expect(done.json).toMatchObject({ status: 'ready', file_id: ordered.json.file_id });
    await server.stop();
    await ground.remove();
  });
});

describe('a data directory that cannot be written', () => {
  it('stops the start with a sentence that says what to do', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-readonly-'));
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
    if (process.getuid?.() === 0) {
      // Root may write everywhere, so a mount is needed to be refused.
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=100k', 'tmpfs', folder], { stdio: 'ignore' });
      } catch {
        return context.skip('this machine does not allow mounting a read-only disk');
      }
      cleanUps.push(() => {
        execFileSync('umount', ['-l', folder]);
      });
    } else chmodSync(folder, 0o500);
    await expect(startChildServer({ DATA_DIR: join(folder, 'data') })).rejects.toThrow(
      /cannot be written .* set DATA_DIR/,
    );
  });

  it('that was given a file for a folder is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-file-'));
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'data'), 'not a folder');
    await expect(startChildServer({ DATA_DIR: join(folder, 'data') })).rejects.toThrow(
      /data cannot be written/,
    );
  });
});
