// `node scripts/make-upgrade-snapshot.js --version 1.0.0`: keeps the database, the media and the memories of users of a release in
// server/test/upgrades/<version>, from which a test upgrades for ever. Once for each release. `--server <folder>` takes the
// built server of another tree (a worktree of an older commit), `--apps speech,support` those that it has.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale, installIfStale, requireNode, root, runTool } from './workspace.js';

requireNode();
const { version: today } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { values } = parseArgs({
  options: {
    version: { type: 'string', default: today },
    server: { type: 'string', default: join(root, 'server') },
    apps: { type: 'string', default: 'companion,stories,voice,speech,support' },
  },
});
if (!/^\d+\.\d+\.\d+$/.test(values.version)) {
  console.error(
    'Usage: node scripts/make-upgrade-snapshot.js [--version N.N.N] [--server FOLDER] [--apps a,b]',
  );
  process.exit(1);
}
await installIfStale();
await buildIfStale();
const code = await runTool('vitest', 'vitest', ['run', 'server/test/upgrades/upgrades.test.ts'], {
  env: {
    ...process.env,
    SNAPSHOT_VERSION: values.version,
    SNAPSHOT_SERVER: values.server,
    SNAPSHOT_APPS: values.apps,
  },
});
process.exitCode =
  code || (await runTool('@biomejs/biome', 'biome', ['format', '--write', 'server/test/upgrades']));
