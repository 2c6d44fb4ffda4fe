import type { Clock } from '../../../platform/clock.js';
import type { Database } from '../../../platform/database/database.js';
import type { OperatorCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import { type AppSettings, parseAppSettings } from './app-settings.js';
import type { AppStore } from './store.js';

export interface NamedSettings extends AppSettings {
  readonly name: string;
}

export type SettingsChange = { readonly [Name in keyof NamedSettings]?: NamedSettings[Name] | undefined };

/** What a team decides about its app. */
export interface AppSettingsService {
  get(caller: OperatorCaller): Promise<NamedSettings>;
  /** Members that are left out stay as they are. */
  change(caller: OperatorCaller, change: SettingsChange): Promise<NamedSettings>;
}

export function createAppSettingsService(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly apps: AppStore;
}): AppSettingsService {
  const { database, clock, apps } = parts;
  return {
    get: async ({ appId }) => {
      const app = await apps.byId(appId);
      if (!app) throw supportErrors.invalidToken();
      return { name: app.name, ...parseAppSettings(app.settings) };
    },
    change: ({ appId }, change) =>
      database.transaction(async (tx) => {
        const app = await apps.byId(appId, tx);
        if (!app) throw supportErrors.invalidToken();
        const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        const changed: NamedSettings = { name: app.name, ...parseAppSettings(app.settings), ...given };
        const { name, ...settings } = changed;
        await apps.change(tx, appId, { name, settings: JSON.stringify(settings) }, clock.now());
        return changed;
      }),
  };
}
