import { open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

interface Holder {
  readonly pid: number;
  /** When that process began, in the system's ticks, where it tells: a later process may have the same number. */
  readonly began: string | null;
}

/** How often this process has each folder open. */
const held = new Map<string, number>();

/**
 * Keeps other processes out of a folder until the end of this one, even by `kill -9`: the lock of a process that is no more
 * counts for nothing. Resolves with what gives it up.
 *
 * @throws Error when another process has it
 */
export async function lockFolder(directory: string): Promise<() => Promise<void>> {
  const path = join(resolve(directory), 'lock');
  const count = held.get(path) ?? 0;
  held.set(path, count + 1);
  if (count === 0) {
    try {
      await take(path);
    } catch (error) {
      held.delete(path);
      throw error;
    }
  }
  return async () => {
    const left = (held.get(path) ?? 1) - 1;
    if (left > 0) held.set(path, left);
    else {
      held.delete(path);
      await rm(path, { force: true });
    }
  };
}

async function take(path: string): Promise<void> {
  for (;;) {
    if (await create(path)) return;
    const text = await readFile(path, 'utf8').catch(whenGone);
    if (text === null) continue;
    const holder = holderIn(text);
    if (holder && (await isAlive(holder))) {
      throw new Error(`The store in ${path} is open in another process (${holder.pid}).`);
    }
    // Renamed first: of several that find it, one gets it.
    const stale = `${path}.${process.pid}.stale`;
    await rename(path, stale).catch(whenGone);
    await rm(stale, { force: true });
  }
}

async function create(path: string): Promise<boolean> {
  const holder: Holder = { pid: process.pid, began: await beginningOf(process.pid) };
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify(holder));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isAlive({ pid, began }: Holder): Promise<boolean> {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = await beginningOf(pid);
  return began === null || now === null || began === now;
}

/** Field 22 of Linux's `/proc/<pid>/stat`; the name before it may hold spaces. */
async function beginningOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(whenGone);
  return stat === null ? null : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null);
}

/** Null for one that was cut off while it was written. */
function holderIn(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}

function whenGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
  throw error;
}
