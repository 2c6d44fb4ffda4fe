// `npm run build`: builds every workspace whose sources have changed.
import { buildIfStale, installIfStale, requireNode } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();
console.log('Everything is built.');
