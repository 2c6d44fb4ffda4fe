// `npm start`: installs and builds what is missing or stale, then serves.
import { buildIfStale, installIfStale, requireNode } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();
stopWithNpm();
// In this very process, so that signals reach the server and nothing stands between it and its service manager.
process.argv.splice(2, Infinity, 'serve');
await import('../server/dist/main.js');

/**
 * npm passes a stop on to the shell between us and itself, and that shell does not pass it on to us: so when it is gone,
 * we stop as if we had been told.
 */
function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}
