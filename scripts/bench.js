// `npm run bench`: installs and builds what is missing or stale, then measures the built server.
import { buildIfStale, installIfStale, requireNode } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();
const app = ['support', 'stories', 'companion', 'voice'].find((name) => process.argv.includes(`--${name}`));
await import(`../bench/${app ?? 'run'}.js`);
