import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Where a program of this machine is.
 *
 * @param path folders as in the PATH variable
 * @returns the file, or undefined when no folder has such a program
 */
export function findExecutable(name: string, path = process.env.PATH ?? ''): string | undefined {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return path
    .split(delimiter)
    .map((folder) => join(folder, name + suffix))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not in this folder
  }
}
