import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { uuidV4 } from '../../../../platform/ids.js';
import { type Coding, codecs } from '../sound.js';

/** A process that does not say for this long that it lives, does not. */
const deadMilliseconds = 60_000;
const heartbeatMilliseconds = 10_000;
const ownerFile = 'owner.json';
const streamFile = 'stream.json';

/** What is to be known of a journaled stream besides its sound. */
export interface JournaledStream {
  readonly id: string;
  readonly userId: string;
  readonly coding: Coding;
  readonly language: string | null;
}

const isOwner = Compile(Type.Object({ host: Type.String(), pid: Type.Integer() }));
const isStream = Compile(
  Type.Object({
    id: Type.String(),
    userId: Type.String(),
    coding: Type.Object({
      codec: Type.Union(codecs.map((codec) => Type.Literal(codec))),
      sampleRate: Type.Number(),
    }),
    language: Type.Union([Type.String(), Type.Null()]),
  }),
);

/** The journals of this process, and those that processes before it left behind. */
export interface JournalRuns {
  /** The folder of a new stream. */
  add(stream: JournaledStream): Promise<string>;
  remove(folder: string): Promise<void>;
  /** The journals of processes that have ended; no other process is given the same ones while this one lives. */
  claimLeft(): Promise<readonly { readonly folder: string; readonly stream: JournaledStream | null }[]>;
  close(): Promise<void>;
}

/** @param root a folder on this machine; nodes that share it do not disturb each other */
export function createJournalRuns(root: string): JournalRuns {
  const run = uuidV4();
  const own = join(root, run);
  let begun: Promise<void> | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  const begin = async () => {
    await mkdir(own, { recursive: true });
    await writeFile(join(own, ownerFile), JSON.stringify({ host: hostname(), pid: process.pid }));
    heartbeat = setInterval(() => {
      const now = new Date();
      // A folder that somebody removed is made anew by nobody: its streams tell it themselves.
      utimes(own, now, now).catch(() => {});
    }, heartbeatMilliseconds).unref();
  };

  const isLeft = async (folder: string): Promise<boolean> => {
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > deadMilliseconds) return true;
    const owner: unknown = await readJson(join(folder, ownerFile));
    // In containers the next process has the same number.
    return (
      isOwner.Check(owner) &&
      owner.host === hostname() &&
      (owner.pid === process.pid || !isRunning(owner.pid)) &&
      !ownRuns.has(folder)
    );
  };
  ownRuns.add(own);

  return {
    async add(stream) {
      begun ??= begin();
      await begun;
      const folder = join(own, stream.id);
      await mkdir(folder);
      await writeFile(join(folder, streamFile), JSON.stringify(stream));
      return folder;
    },
    remove: (folder) => rm(folder, { recursive: true, force: true }),
    async claimLeft() {
      begun ??= begin();
      await begun;
      const found: { folder: string; stream: JournaledStream | null }[] = [];
      for (const name of await readdir(root)) {
        const folder = join(root, name);
        if (folder === own) continue;
        try {
          if (name.startsWith(`${run}.`)) {
            // Claimed before, and not finished.
          } else if (!(await isLeft(folder))) continue;
          const mine = name.startsWith(`${run}.`) ? folder : join(root, `${run}.${uuidV4()}`);
          if (mine !== folder) {
            await rename(folder, mine);
            await writeFile(join(mine, ownerFile), JSON.stringify({ host: hostname(), pid: process.pid }));
          }
          found.push(...(await journalsIn(mine)));
        } catch (error) {
          if (!isMissing(error)) throw error; // another node was quicker
        }
      }
      return found;
    },
    async close() {
      clearInterval(heartbeat);
      ownRuns.delete(own);
      const left = await readdir(own).catch(() => []);
      if (left.every((name) => name === ownerFile)) await rm(own, { recursive: true, force: true });
    },
  };
}

/** Several servers in one process, as in tests, have the same number. */
const ownRuns = new Set<string>();

async function journalsIn(folder: string) {
  const journals: { folder: string; stream: JournaledStream | null }[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const journal = join(folder, entry.name);
    const stream: unknown = await readJson(join(journal, streamFile));
    journals.push({ folder: journal, stream: isStream.Check(stream) ? stream : null });
  }
  if (journals.length === 0) await rm(folder, { recursive: true, force: true });
  return journals;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null; // the process ended while it wrote
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
