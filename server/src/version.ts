import { readFileSync } from 'node:fs';

const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The version of this server, as its package says. */
export const version =
  manifest && typeof manifest === 'object' && 'version' in manifest ? String(manifest.version) : '0.0.0';
