// `npm run bench`: installs and builds what is missing or stale, then measures the built server.
import { buildIfStale, installIfStale, requireNode } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();
await import(process.argv.includes('--support') ? '../bench/support.js' : '../bench/run.js');
