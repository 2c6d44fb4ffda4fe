import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const worker = at('./src/shell/service-worker.ts');

/** The apps that open without a network. */
const apps = ['stories', 'voice'] as const;
type AppName = (typeof apps)[number];

/** Besides its scripts and styles, what an app's page needs to open without a network. */
const publicFiles = (app: AppName): string[] => [
  'theme.js',
  'favicon.svg',
  `${app}.webmanifest`,
  `${app}-icon.svg`,
  `${app}-icon-192.png`,
  `${app}-icon-512.png`,
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

function shellOf(bundle: Rolldown.OutputBundle, app: AppName): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry);
  const page = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/pages/${app}/index.tsx`));
  if (!entry || !page) throw new Error(`the build has no entry or no page of ${app}`);
  const found = new Set(Object.keys(bundle).filter((name) => name.endsWith('.css')));
  // First what all pages share, so that the other pages, which it may ask for, are not taken for the page's own.
  reach(bundle, entry.fileName, false, found);
  reach(bundle, page.fileName, true, found);
  return [...found].sort();
}

/**
 * Builds `stories-sw.js` and `voice-sw.js`, the service workers that open these pages without a network. They are built after the
 * pages, since they name their files; a worker's cache is named by their contents, so that each build is one whole.
 */
export function shellBuild(): Plugin {
  return {
    name: 'earshot-shells',
    apply: 'build',
    writeBundle: async ({ dir }, bundle) => {
      for (const app of apps) await buildShell(app, dir ?? at('./dist'), shellOf(bundle, app));
    },
  };
}

async function buildShell(app: AppName, folder: string, scripts: readonly string[]): Promise<void> {
  const files = publicFiles(app);
  const hash = createHash('sha256').update(scripts.join());
  for (const name of ['index.html', ...files]) hash.update(readFileSync(join(folder, name)));
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: {
      SHELL_PAGE: JSON.stringify(`/${app}`),
      SHELL_FILES: JSON.stringify([`/${app}`, ...[...files, ...scripts].map((name) => `/${name}`)]),
      SHELL_VERSION: JSON.stringify(hash.digest('hex').slice(0, 16)),
    },
    build: {
      emptyOutDir: false,
      outDir: folder,
      target: 'es2022',
      lib: { entry: worker, formats: ['iife'], name: 'earshotShell', fileName: () => `${app}-sw.js` },
    },
  });
}
