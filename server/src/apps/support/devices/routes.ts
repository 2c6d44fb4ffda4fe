import type { HttpServer } from '../../../platform/http/server.js';
import { deviceOf } from '../callers.js';
import { supportErrors } from '../errors.js';
import { Success } from '../sdk-shapes.js';
import type { DeviceService } from '../services.js';
import type { DeviceHooks } from './device-hooks.js';
import { IdentifyBody, PushTokenBody } from './schemas.js';

const tags = ['support'];

/** The SDK's routes over devices, relative to the prefix of its scope. */
export function deviceRoutes(server: HttpServer, devices: DeviceService, { device }: DeviceHooks): void {
  server.post(
    '/identify',
    {
      ...device,
      schema: { tags, summary: 'Say whose device it is', body: IdentifyBody, response: { 200: Success } },
    },
    async (request) => {
      await devices.identify(deviceOf(request), request.body.user);
      return { success: true as const };
    },
  );

  server.post(
    '/push-token',
    {
      ...device,
      schema: {
        tags,
        summary: 'Say where the device is reached by push',
        body: PushTokenBody,
        response: { 200: Success },
      },
    },
    async (request) => {
      const caller = deviceOf(request);
      const { device_id: deviceId, token, platform } = request.body;
      if (deviceId !== caller.deviceId) {
        throw supportErrors.validation('body/device_id must be the device of X-Device-Id', {
          field: 'device_id',
        });
      }
      await devices.setPushToken(caller, { token, platform });
      return { success: true as const };
    },
  );
}
