import type { HttpServer } from '../../../platform/http/server.js';
import { operatorOf } from '../callers.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import { bodyMayBeMissing } from '../route-body.js';
import { SettingsAnswer, SettingsBody } from './schemas.js';
import type { AppSettingsService, NamedSettings } from './service.js';

const tags = ['support: settings'];

const present = (settings: NamedSettings) => ({
  name: settings.name,
  message_retention_days: settings.messageRetentionDays,
  event_retention_days: settings.eventRetentionDays,
  push_enabled: settings.pushEnabled,
  push_quiet_hours: settings.pushQuietHours,
  grace_seconds: settings.graceSeconds,
  legal_hold: settings.legalHold,
});

/** The app's settings (contract §19). */
export function settingsRoutes(
  server: HttpServer,
  settings: AppSettingsService,
  hooks: OperatorRouteHooks,
): void {
  server.get(
    '/admin/settings/app',
    {
      ...hooks.operator('view:settings'),
      schema: { tags, summary: "The app's settings", response: { 200: SettingsAnswer } },
    },
    async (request) => present(await settings.get(operatorOf(request))),
  );

  server.put(
    '/admin/settings/app',
    {
      ...hooks.operator('manage:settings'),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: "Change the app's settings",
        body: SettingsBody,
        response: { 200: SettingsAnswer },
      },
    },
    async (request) => {
      const { body } = request;
      return present(
        await settings.change(operatorOf(request), {
          name: body.name ?? undefined,
          messageRetentionDays: body.message_retention_days,
          eventRetentionDays: body.event_retention_days,
          pushEnabled: body.push_enabled ?? undefined,
          pushQuietHours: body.push_quiet_hours ?? undefined,
          graceSeconds: body.grace_seconds ?? undefined,
          legalHold: body.legal_hold ?? undefined,
        }),
      );
    },
  );
}
