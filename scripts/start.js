// `npm start`: installs and builds what is missing or stale, then serves.
import { buildIfStale, installIfStale, requireNode } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();
// In this very process, so that signals reach the server and nothing stands between it and its service manager.
process.argv.splice(2, Infinity, 'serve');
await import('../server/dist/main.js');
