// `npm run dev`: rebuilds and restarts the server, and rebuilds the pages, whenever a source changes.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildIfStale, installIfStale, requireNode, root } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();

const node = process.execPath;
const bin = (...parts) => join(root, 'node_modules', ...parts);
const watchers = [
  [
    node,
    [bin('typescript', 'bin', 'tsc'), '-p', 'server/tsconfig.build.json', '--watch', '--preserveWatchOutput'],
    root,
  ],
  [node, [bin('vite', 'bin', 'vite.js'), 'build', '--watch', '--logLevel', 'warn'], join(root, 'web')],
  [node, ['--watch-path', 'server/dist', '--watch-preserve-output', 'server/dist/main.js', 'serve'], root],
].map(([command, args, cwd]) => spawn(command, args, { cwd, stdio: 'inherit' }));

const stop = () => {
  for (const watcher of watchers) watcher.kill('SIGTERM');
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
