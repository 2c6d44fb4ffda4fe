import { type Config, ConfigError, listOf } from '../config.js';
import type { App } from '../platform/platform.js';
import { companionApp } from './companion/index.js';
import { speechApp } from './speech/index.js';
import { storiesApp } from './stories/index.js';
import { supportApp } from './support/index.js';
import { voiceApp } from './voice/index.js';

/** The five apps, in the order in which they are always named. */
export const apps: readonly App[] = [storiesApp, companionApp, voiceApp, speechApp, supportApp];

/**
 * The apps that `APPS` asks for, all of them when it is unset.
 *
 * @throws ConfigError for a name that no app has
 */
export function chosenApps(config: Config): readonly App[] {
  const names = listOf(config.APPS);
  if (names.length === 0) return apps;
  const unknown = names.filter((name) => !apps.some((app) => app.name === name));
  if (unknown.length > 0) {
    const known = apps.map((app) => app.name).join(', ');
    throw new ConfigError(
      `APPS names ${unknown.join(', ')}, which this version does not have. It has: ${known}.`,
    );
  }
  return apps.filter((app) => names.includes(app.name));
}
