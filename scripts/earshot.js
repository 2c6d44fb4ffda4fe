// `npm run earshot -- <command>`: the command line of the built server.
import { buildIfStale, installIfStale, requireNode } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();
await import('../server/dist/main.js');
