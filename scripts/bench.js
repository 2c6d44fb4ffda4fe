// `npm run bench`: installs and builds what is missing or stale, then measures the built server.
import { buildIfStale, installIfStale, requireNode } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();
/** The page about speech is that of the platform too, and is made without a name. */
const scripts = {
  support: 'support',
  stories: 'stories',
  companion: 'companion',
  voice: 'voice',
  growth: 'growth',
  profile: 'profile',
  all: 'house',
};
const [, script = 'run'] = Object.entries(scripts).find(([name]) => process.argv.includes(`--${name}`)) ?? [];
await import(`../bench/${script}.js`);
