import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, isScaled } from '../../config.js';
import { lockDataDirectory } from '../../platform/database/sqlite/process-lock.js';
import { findExecutable } from '../../platform/executables.js';
import { loadSecrets, SECRETS_FILE } from '../../platform/secrets.js';
import { inBytes } from '../archive/progress.js';
import { attention, broken, type Finding, good, reasonOf } from './finding.js';

/** As `engines` of package.json says. */
const OLDEST_NODE = [20, 19] as const;
/** Below this a busy day of speech fills the disk. */
const SCARCE_BYTES = 1_000_000_000;
const FULL_BYTES = 50_000_000;
const BUILT_PAGES = fileURLToPath(new URL('../../../../web/dist/index.html', import.meta.url));

export function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return isNewEnough
    ? good(`Node.js ${process.versions.node}`)
    : broken(
        `Node.js ${process.versions.node} is too old`,
        `Install Node.js ${OLDEST_NODE.join('.')} or newer.`,
      );
}

export async function checkDataDirectory(config: Config): Promise<Finding[]> {
  const directory = config.DATA_DIR;
  const advice = 'Make it a folder that the server’s user may write, or set DATA_DIR to one.';
  let existing = directory;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const probe = join(existing, `.earshot-doctor-${randomUUID()}`);
  try {
    await writeFile(probe, 'probe', { flag: 'wx' });
    await rm(probe);
  } catch (error) {
    return [broken(`the data directory ${directory} cannot be written (${reasonOf(error)})`, advice)];
  }
  const { bavail, bsize } = await statfs(existing);
  return [
    existing === directory
      ? good(`the data directory ${directory} can be written`)
      : good(`the data directory ${directory} does not exist yet; the first start makes it`),
    checkSpace(bavail * bsize),
    ...checkLock(config),
  ];
}

function checkSpace(bytes: number): Finding {
  const words = `${inBytes(bytes)} free on its disk`;
  if (bytes >= SCARCE_BYTES) return good(words);
  const advice = 'Make room, or shorten FILE_RETENTION_DAYS.';
  return bytes < FULL_BYTES ? broken(`only ${words}`, advice) : attention(`only ${words}`, advice);
}

function checkLock(config: Config): Finding[] {
  // Asking for the lock makes its file, so only where a server has been before.
  if (isScaled(config) || !existsSync(join(config.DATA_DIR, 'server.lock'))) return [];
  const unlock = lockDataDirectory(config.DATA_DIR);
  if (!unlock) return [good('a server is running on it')];
  unlock();
  return [good('no server is running on it')];
}

export async function checkSecrets(config: Config): Promise<Finding> {
  if (config.SERVER_SECRET || config.JWT_SECRET) return good('the secret comes from the configuration');
  const file = join(config.DATA_DIR, SECRETS_FILE);
  if (!existsSync(file)) return good('no secret yet; the first start generates one');
  try {
    loadSecrets({ dataDirectory: config.DATA_DIR });
  } catch (error) {
    return broken(
      `the secret in ${file} cannot be used (${reasonOf(error)})`,
      'Restore the file from a backup: without it users who sign in with a key are strangers.',
    );
  }
  const { mode } = await stat(file);
  const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0;
  return isPrivate
    ? good(`the secret in ${file} is readable by its owner only`)
    : attention(`others may read the secret in ${file}`, `Run: chmod 600 ${file}`);
}

export function checkPages(): Finding {
  return existsSync(BUILT_PAGES)
    ? good('the pages are built')
    : attention('the pages are not built', 'Run: npm run build');
}

/** Programs that are used when they are there; nothing needs them. */
const TOOLS = [
  ['ffmpeg', 'without it MP3, AAC (which iPhones record) and Vorbis cannot be read'],
  [
    'pocketsphinx_batch',
    'without it the built-in engine hears when somebody speaks but no words (Debian: pocketsphinx and pocketsphinx-en-us)',
  ],
] as const;

export function checkTools(path: string | undefined): Finding[] {
  return TOOLS.map(([name, use]) =>
    findExecutable(name, path ?? '')
      ? good(`optional: ${name} is on the PATH`)
      : good(`optional: ${name} is not on the PATH; ${use}`),
  );
}
