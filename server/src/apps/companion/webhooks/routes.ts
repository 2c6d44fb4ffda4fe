import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import type { CompanionWebhookRow } from '../tables.js';
import { type Webhooks, type WebhookType, webhookTypes } from './service.js';

/** A developer's webhooks: contract §5.6. */
export function webhookRoutes(server: HttpServer, webhooks: Webhooks, hooks: RouteHooks): void {
  const route = hooks.authenticated;
  const tags = ['companion'];
  const params = Type.Object({ type: Type.String() });

  server.get(
    '/v1/users/developer/webhook/:type',
    { ...route, schema: { tags, summary: 'Where a webhook goes', params } },
    async (request) => {
      const webhook = await webhooks.get(callerOf(request).userId, typeOf(request.params.type));
      return { url: webhook && addressOf(webhook) };
    },
  );

  server.post(
    '/v1/users/developer/webhook/:type',
    {
      ...route,
      schema: {
        tags,
        summary: 'Sets where a webhook goes',
        params,
        body: Type.Object({ url: Type.String({ maxLength: 3_000 }) }),
      },
    },
    async (request) => {
      await webhooks.set(callerOf(request).userId, typeOf(request.params.type), request.body.url);
      return ok;
    },
  );

  for (const action of ['enable', 'disable'] as const) {
    server.post(
      `/v1/users/developer/webhook/:type/${action}`,
      { ...route, schema: { tags, summary: 'Switches a webhook on or off', params } },
      async (request, reply) => {
        const { userId } = callerOf(request);
        await webhooks.enable(userId, typeOf(request.params.type), action === 'enable');
        return reply.code(204).send();
      },
    );
  }

  server.get(
    '/v1/users/developer/webhooks/status',
    { ...route, schema: { tags, summary: 'Which webhooks are on' } },
    async (request) => {
      const on = new Set(
        (await webhooks.list(callerOf(request).userId))
          .filter(({ enabled, url }) => enabled === 1 && url !== '')
          .map(({ type }) => type),
      );
      return {
        audio_bytes: on.has('audio_bytes'),
        memory_created: on.has('memory_created'),
        realtime_transcript: on.has('realtime_transcript'),
        day_summary: on.has('day_summary'),
      };
    },
  );
}

function typeOf(text: string): WebhookType {
  const type = webhookTypes.find((known) => known === text);
  if (!type) throw errors.notFound(`There is no webhook of this type; there are ${webhookTypes.join(', ')}.`);
  return type;
}

/** As the app wrote it: `audio_bytes` with its seconds. */
const addressOf = ({ type, url, seconds }: CompanionWebhookRow): string =>
  type === 'audio_bytes' && url !== '' ? `${url},${seconds ?? ''}` : url;
