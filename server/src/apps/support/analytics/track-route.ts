import type { Clock } from '../../../platform/clock.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { deviceOf } from '../callers.js';
import type { DeviceHooks } from '../devices/device-hooks.js';
import { Success } from '../sdk-shapes.js';
import type { EventStore } from './event-store.js';
import { checkProperties } from './properties.js';
import { TrackBody } from './track-schemas.js';

/** The SDK's route for analytics events, relative to the prefix of its scope. */
export function trackRoute(
  server: HttpServer,
  parts: { readonly events: EventStore; readonly clock: Clock },
  { device }: DeviceHooks,
): void {
  server.post(
    '/events/track',
    {
      ...device,
      schema: {
        tags: ['support'],
        summary: 'Note what a user did',
        body: TrackBody,
        response: { 200: Success },
      },
    },
    async (request) => {
      const { appId, deviceId } = deviceOf(request);
      const { body } = request;
      const properties = body.properties ?? {};
      checkProperties(properties);
      await parts.events.insert({
        appId,
        userId: body.user_id,
        eventName: body.event_name,
        at: parts.clock.now(),
        properties,
        userPlan: body.user_plan ?? null,
        userCountry: body.user_country ?? null,
        sessionId: body.session_id ?? deviceId,
        platform: body.platform ?? null,
        appVersion: body.app_version ?? null,
      });
      return { success: true as const };
    },
  );
}
