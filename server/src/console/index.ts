import type { HttpServer } from '../platform/http/server.js';
import type { App, InstalledApp, Platform } from '../platform/platform.js';
import { accountRoutes } from './account/routes.js';
import { operatorRoutes } from './operator/routes.js';
import { createOperations } from './operator/service.js';

/** An app as the console knows it: by its manifest alone. */
export type ServedApp = Pick<App, 'name' | 'title'> & Pick<InstalledApp, 'accountUsage'>;

/** What the server's first page shows of an account over all apps, and of the server to its operators. */
export function installConsole(platform: Platform, server: HttpServer, apps: readonly ServedApp[]): void {
  accountRoutes(server, platform, apps);
  operatorRoutes(server, platform, createOperations(platform));
}
