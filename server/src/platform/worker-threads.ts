import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The compiled file of a worker thread. Node runs JavaScript only, so code that is itself running from TypeScript
 * sources (under vitest) starts the worker that the last build left in `dist`.
 *
 * @param importMetaUrl the caller's `import.meta.url`
 * @param relative the worker beside the caller, for example `./speech-worker.js`
 */
export function workerFile(importMetaUrl: string, relative: string): string {
  const file = fileURLToPath(new URL(relative, importMetaUrl));
  if (!importMetaUrl.endsWith('.ts')) return file;
  const compiled = file.replace(/([\\/])server\1src\1/, '$1server$1dist$1');
  if (!existsSync(compiled))
    throw new Error(`The worker ${relative} is not built yet: run \`npm run build\`.`);
  return compiled;
}
