import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const worker = at('./src/pages/stories/offline/service-worker.ts');

/** Besides its scripts and styles, what the stories page needs to open without a network. */
const publicFiles = [
  'theme.js',
  'favicon.svg',
  'stories.webmanifest',
  'stories-icon.svg',
  'stories-icon-192.png',
  'stories-icon-512.png',
];

/** Adds the files of a chunk, of what it imports and, if it is asked deeply, of what it may ask for later. */
function reach(bundle: Rolldown.OutputBundle, from: string, isDeep: boolean, found: Set<string>): void {
  const file = bundle[from];
  if (!file || found.has(from)) return;
  found.add(from);
  if (file.type !== 'chunk') return;
  for (const next of isDeep ? [...file.imports, ...file.dynamicImports] : file.imports)
    reach(bundle, next, isDeep, found);
}

function shellOf(bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry);
  const page = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('/pages/stories/index.tsx'));
  if (!entry || !page) throw new Error('the build has no entry or no stories page');
  const found = new Set(Object.keys(bundle).filter((name) => name.endsWith('.css')));
  // First what all pages share, so that the other pages, which it may ask for, are not taken for the page's own.
  reach(bundle, entry.fileName, false, found);
  reach(bundle, page.fileName, true, found);
  return [...found].sort();
}

/**
 * Builds `stories-sw.js`, the service worker that opens the stories page without a network. It is built after the pages, since it
 * names their files; its cache is named by their contents, so that each build is one whole.
 */
export function shellBuild(): Plugin {
  return {
    name: 'earshot-stories-shell',
    apply: 'build',
    writeBundle: async ({ dir }, bundle) => {
      const folder = dir ?? at('./dist');
      const scripts = shellOf(bundle);
      const hash = createHash('sha256').update(scripts.join());
      for (const name of ['index.html', ...publicFiles]) hash.update(readFileSync(join(folder, name)));
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: {
          SHELL_FILES: JSON.stringify([
            '/stories',
            ...publicFiles.map((name) => `/${name}`),
            ...scripts.map((name) => `/${name}`),
          ]),
          SHELL_VERSION: JSON.stringify(hash.digest('hex').slice(0, 16)),
        },
        build: {
          emptyOutDir: false,
          outDir: folder,
          target: 'es2022',
          lib: {
            entry: worker,
            formats: ['iife'],
            name: 'earshotStoriesShell',
            fileName: () => 'stories-sw.js',
          },
        },
      });
    },
  };
}
