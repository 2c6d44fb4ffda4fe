import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { operatorOf } from '../callers.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import type { UsageStore } from './store.js';

const Month = Type.String({
  pattern: '^20\\d{2}-(0[1-9]|1[0-2])$',
  description: 'UTC, for example 2026-11.',
});
const Count = Type.Integer({ minimum: 0 });

/** The usage figures that the contract names without a shape (§11.11), for one calendar month. */
export function usageRoutes(
  server: HttpServer,
  { usage, clock }: { readonly usage: UsageStore; readonly clock: Clock },
  hooks: OperatorRouteHooks,
): void {
  server.get(
    '/admin/settings/usage',
    {
      ...hooks.operator('view:settings'),
      schema: {
        tags: ['support: settings'],
        summary: 'What the app used in a month, of what is still kept',
        querystring: Type.Object({ month: Type.Optional(Month) }),
        response: {
          200: Type.Object({
            month: Month,
            messages: Count,
            conversations: Count,
            devices: Count,
            events: Count,
            storage_bytes: Count,
          }),
        },
      },
    },
    async (request) => {
      const month = request.query.month ?? new Date(clock.now()).toISOString().slice(0, 7);
      const [year = 0, number = 0] = month.split('-').map(Number);
      const { storageBytes, ...counts } = await usage.between(
        operatorOf(request).appId,
        Date.UTC(year, number - 1),
        Date.UTC(year, number),
      );
      return { month, ...counts, storage_bytes: storageBytes };
    },
  );
}
