import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Model, ModelFile } from './catalogue.js';
import { isModelName, type Manifest, manifestName, partialName } from './models.js';

/** A download that did not succeed, in words for the operator. What has been loaded stays for the next try. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

export interface InstallOptions {
  readonly signal?: AbortSignal;
  /** Called a few times a second and at the end of each file. */
  readonly onProgress?: (file: string, received: number, total: number | undefined) => void;
  /** A server that sends nothing for so long has gone. */
  readonly silenceMilliseconds?: number;
  /** Between two attempts. */
  readonly pauseMilliseconds?: number;
}

export interface InstalledFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** False: the catalogue knows no digest, so this one has been recorded and not checked. */
  readonly isChecked: boolean;
}

const attempts = 5;
const progressMilliseconds = 250;

/**
 * Downloads a model into `modelsDirectory/<name>`. Goes on where an earlier try stopped (`Range` with `If-Range`),
 * checks size and SHA-256, and puts the folder in place with one rename when all of it is there and right.
 *
 * @throws DownloadError, or the signal's reason
 */
export async function installModel(
  model: Model,
  modelsDirectory: string,
  options: InstallOptions = {},
): Promise<InstalledFile[]> {
  if (!isModelName(model.name) || model.files.some(({ name }) => !isModelName(name)))
    throw new DownloadError(`The catalogue's entry for ${model.name} names files outside of its folder.`);
  const partial = join(modelsDirectory, partialName(model.name));
  const folder = join(modelsDirectory, model.name);
  await mkdir(partial, { recursive: true });
  const recorded = await recordedDigests(folder);
  const files: InstalledFile[] = [];
  for (const file of model.files) {
    const path = join(partial, file.name);
    await download(file, path, options);
    const sha256 = await digestOf(path);
    const expected = file.sha256 ?? recorded.get(file.name);
    const { size: bytes } = await stat(path);
    if ((expected && sha256 !== expected) || (file.bytes !== undefined && bytes !== file.bytes)) {
      await rm(path);
      throw new DownloadError(
        `${file.name} is not what it should be (SHA-256 ${sha256}, ${bytes} bytes). It was thrown away.`,
      );
    }
    files.push({ name: file.name, bytes, sha256, isChecked: expected !== undefined });
  }
  const manifest: Manifest = {
    name: model.name,
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  await writeFile(join(partial, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  await Promise.all(model.files.map(({ name }) => rm(tagPath(join(partial, name)), { force: true })));
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  return files;
}

/** Of an installation of the same model, where the catalogue knows none. */
async function recordedDigests(folder: string): Promise<ReadonlyMap<string, string>> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, manifestName), 'utf8')) as Manifest;
    return new Map(manifest.files.map(({ name, sha256 }) => [name, sha256]));
  } catch {
    return new Map(); // Not installed, or not by us.
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const tagPath = (path: string) => `${path}.etag`;

async function download(file: ModelFile, path: string, options: InstallOptions): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await receive(file, path, options);
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof DownloadError) throw error;
      if (attempt === attempts)
        throw new DownloadError(
          `${file.name} could not be downloaded (${reason(error)}). Run the command again to go on.`,
        );
      await sleep((options.pauseMilliseconds ?? 1_000) * attempt, undefined, { signal: options.signal });
    }
  }
}

const reason = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
};

/** One attempt: what is missing of the file. */
async function receive(file: ModelFile, path: string, options: InstallOptions): Promise<void> {
  const limit = file.bytes ?? file.atMostBytes ?? 0;
  const already = await sizeOf(path);
  if (file.bytes !== undefined && already === file.bytes) return;
  const tag = await readFile(tagPath(path), 'utf8').catch(() => '');
  // Without a tag nobody knows whether the rest belongs to the same file; a known digest will tell.
  const resumes = already > 0 && already < limit && (tag !== '' || file.sha256 !== undefined);
  const silence = silenceSignal(options.silenceMilliseconds ?? 30_000);
  const signal = options.signal ? AbortSignal.any([options.signal, silence.signal]) : silence.signal;
  try {
    const response = await fetch(file.url, {
      signal,
      headers: resumes ? { range: `bytes=${already}-`, ...(tag ? { 'if-range': tag } : {}) } : {},
    });
    if (response.status === 416) {
      await rm(path, { force: true });
      throw new Error('the server has less of it than is here');
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      const message = `${file.name} could not be downloaded: ${new URL(file.url).host} answered ${response.status}.`;
      if (response.status < 500 && response.status !== 429) throw new DownloadError(message);
      throw new Error(message);
    }
    await writeFile(tagPath(path), strongTag(response));
    const continues = response.status === 206 && resumes;
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    let received = continues ? already : 0;
    const total = Number.isFinite(length) ? received + length : file.bytes;
    const handle = await open(path, continues ? 'a' : 'w');
    try {
      let told = 0;
      for await (const chunk of response.body) {
        silence.heard();
        received += chunk.length;
        if (received > limit) {
          await rm(path, { force: true });
          throw new DownloadError(
            `${file.name} is larger than it should be (${limit} bytes). It was thrown away.`,
          );
        }
        await handle.writeFile(chunk);
        if (Date.now() - told < progressMilliseconds) continue;
        told = Date.now();
        options.onProgress?.(file.name, received, total);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (total !== undefined && received < total) throw new Error('the connection broke off');
    options.onProgress?.(file.name, received, total);
  } finally {
    silence.end();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0; // not begun yet
  }
}

/** Weak tags are of no use for ranges (RFC 9110 §13.1.5). */
function strongTag({ headers }: Response): string {
  const tag = headers.get('etag') ?? '';
  return tag.startsWith('W/') ? '' : tag;
}

/** Aborts when nothing is heard for so long. */
function silenceSignal(milliseconds: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error('the server went silent')), milliseconds);
  return { signal: controller.signal, heard: () => timer.refresh(), end: () => clearTimeout(timer) };
}
