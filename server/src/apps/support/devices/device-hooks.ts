import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { AppError } from '../../../platform/http/errors.js';
import type { RateLimitRule, RateLimits } from '../../../platform/limits/rate-limits.js';
import type { DeviceCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import type { KeyService } from '../services.js';

/** The longest app id, device id and key that are looked at; the SDK's have 36, 36 and 47 characters. */
const LONGEST_HEADER = 200;

/** The hooks that the SDK's routes share. */
export interface DeviceHooks {
  /** Spread into a route's options: lets verified SDK installations pass and sets `request.device`. */
  readonly device: { readonly onRequest: onRequestAsyncHookHandler };
  /** The same for the route that sends messages, whose rate is counted separately. */
  readonly sender: { readonly onRequest: onRequestAsyncHookHandler };
}

export interface DeviceHookParts {
  readonly keys: KeyService;
  readonly limits: RateLimits;
  readonly requestsPerMinute: number;
  readonly messagesPerMinute: number;
}

/**
 * Who calls is told by three headers (contract §2.1). Limits are per app and device, never per address, because the phones
 * of a carrier share addresses; they are wide enough for a phone that sends all it wrote while offline.
 */
export function createDeviceHooks(parts: DeviceHookParts): DeviceHooks {
  const { keys, limits } = parts;
  const perMinute = (name: string, points: number): RateLimitRule => ({ name, points, seconds: 60 });

  const hookFor = (rule: RateLimitRule) => ({
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      const device = await verifiedDevice(request, keys);
      await countRequest(limits, rule, device, reply);
      request.device = device;
      request.log = request.log.child({ app_id: device.appId, device_id: device.deviceId });
    },
  });
  return {
    device: hookFor(perMinute('support-requests', parts.requestsPerMinute)),
    sender: hookFor(perMinute('support-messages', parts.messagesPerMinute)),
  };
}

async function verifiedDevice(request: FastifyRequest, keys: KeyService): Promise<DeviceCaller> {
  const appId = headerOf(request, 'x-app-id', supportErrors.missingAppId);
  const deviceId = headerOf(request, 'x-device-id', supportErrors.missingDeviceId);
  const apiKey = headerOf(request, 'x-api-key', supportErrors.missingApiKey);
  const key = await keys.verify(appId, apiKey);
  if (!key) throw supportErrors.invalidApp();
  return { kind: 'device', appId, deviceId, keyId: key.keyId };
}

function headerOf({ headers }: FastifyRequest, name: string, missing: () => AppError): string {
  const value = headers[name];
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') throw missing();
  if (text.length > LONGEST_HEADER) throw supportErrors.validation(`The header ${name} is too long.`);
  return text;
}

async function countRequest(
  limits: RateLimits,
  rule: RateLimitRule,
  { appId, deviceId }: DeviceCaller,
  reply: FastifyReply,
): Promise<void> {
  const verdict = await limits.consume(rule, `${appId}/${deviceId}`);
  reply
    .header('ratelimit-policy', `${rule.points};w=${rule.seconds}`)
    .header('ratelimit-limit', rule.points)
    .header('ratelimit-remaining', verdict.allowed ? verdict.remaining : 0)
    .header('ratelimit-reset', verdict.allowed ? verdict.resetSeconds : verdict.retryAfterSeconds);
  if (!verdict.allowed) {
    throw supportErrors.rateLimited(`At most ${rule.points} requests per minute. Please wait a moment.`, {
      retryAfterSeconds: verdict.retryAfterSeconds,
    });
  }
}
