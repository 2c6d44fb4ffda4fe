import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Every file in a folder and below whose name ends so, as paths from the root. */
export const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();

/** Every page that a reader comes to. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'client/README.md',
  ...filesIn('docs', '.md'),
];

/** Where a path from the root is on this machine. */
export const placeOf = (path: string): string => join(root, path);

export const read = (path: string): string => readFileSync(placeOf(path), 'utf8');

/** A page without its examples, which quote other things than its words do. */
export const proseOf = (path: string): string => read(path).replaceAll(/^```[\s\S]*?^```/gm, '');
