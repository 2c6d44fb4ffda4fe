import { readdirSync, readFileSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue, type Model } from './catalogue.js';

/** What `install` writes beside the files, and what makes a folder an installed model. */
export const manifestName = 'model.json';

/** The files of an installed model as they were downloaded. */
export interface Manifest {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

export interface InstalledModel {
  readonly model: Model;
  readonly folder: string;
}

/** Names are folders: nothing else may pass for one. */
export const isModelName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]*$/i.test(name);

/**
 * The models of the catalogue that are there with all their files. Looks at names and sizes only; reads synchronously,
 * once at the start.
 */
export function installedModels(
  modelsDirectory: string,
  models: readonly Model[] = catalogue,
): InstalledModel[] {
  let names: string[];
  try {
    names = readdirSync(modelsDirectory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return models
    .filter(({ name }) => names.includes(name))
    .map((model) => ({ model, folder: join(modelsDirectory, model.name) }))
    .filter(isComplete);
}

function isComplete({ model, folder }: InstalledModel): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, manifestName), 'utf8')) as Manifest;
    return model.files.every(({ name }) => {
      const bytes = manifest.files.find((file) => file.name === name)?.bytes;
      return bytes !== undefined && statSync(join(folder, name)).size === bytes;
    });
  } catch {
    return false; // Half of a folder, or somebody else's: `install` makes it anew.
  }
}

/** Removes a model's folder, and what an unfinished download left. Returns false when there was neither. */
export async function removeModel(name: string, modelsDirectory: string): Promise<boolean> {
  if (!isModelName(name)) return false;
  const going = join(modelsDirectory, `.removing-${name}`);
  const wasThere = await moved(join(modelsDirectory, name), going);
  await rm(going, { recursive: true, force: true });
  const partial = join(modelsDirectory, partialName(name));
  const wasPartial = await moved(partial, going);
  await rm(going, { recursive: true, force: true });
  return wasThere || wasPartial;
}

export const partialName = (name: string): string => `.partial-${name}`;

/** Renames first, so that a server that starts meanwhile sees all of it or nothing. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
