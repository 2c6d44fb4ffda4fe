import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { operatorOf } from '../callers.js';
import { bodyMayBeMissing } from '../route-body.js';
import type { OperatorHooks } from '../services.js';
import { isoOrNull } from '../wire.js';
import {
  CreatedWebhookAnswer,
  DeliveriesAnswer,
  DeliveriesQuery,
  DeliveryParams,
  PageQuery,
  SuccessAnswer,
  TestAnswer,
  WebhookAnswer,
  WebhookBody,
  WebhookParams,
  WebhooksAnswer,
} from './schemas.js';
import type { WebhookInput, WebhookService } from './service.js';
import type { DeliveryRow, WebhookRow } from './store.js';

const tags = ['support: webhooks'];

const present = (webhook: WebhookRow) => ({
  id: webhook.id,
  url: webhook.url,
  events: JSON.parse(webhook.events) as string[],
  isActive: webhook.is_active === 1,
  createdAt: isoInstant(webhook.created_at),
  updatedAt: isoInstant(webhook.updated_at),
});

const presentDelivery = (delivery: DeliveryRow) => ({
  id: delivery.id,
  event: delivery.event,
  status: delivery.status,
  httpStatus: delivery.http_status,
  responseBody: delivery.response_body,
  attempts: delivery.attempts,
  payload: delivery.payload,
  createdAt: isoInstant(delivery.created_at),
  deliveredAt: isoOrNull(delivery.delivered_at),
});

/** `null` equals absent. */
const inputOf = (body: {
  url?: string | null;
  events?: string[] | null;
  isActive?: boolean | null;
}): WebhookInput => ({
  url: body.url ?? undefined,
  events: body.events ?? undefined,
  isActive: body.isActive ?? undefined,
});

/** Outgoing webhooks (contract §11.10). */
export function webhookRoutes(server: HttpServer, webhooks: WebhookService, hooks: OperatorHooks): void {
  const view = { onRequest: hooks.requirePermission('view:webhooks') };
  const manage = { onRequest: hooks.requirePermission('manage:webhooks') };

  server.get(
    '/admin/webhooks',
    {
      ...view,
      schema: {
        tags,
        summary: "The app's webhooks, newest first",
        querystring: PageQuery,
        response: { 200: WebhooksAnswer },
      },
    },
    async (request) => {
      const { limit, offset } = request.query;
      const { rows, total } = await webhooks.list(operatorOf(request), { limit, offset });
      return { webhooks: rows.map(present), total, hasMore: offset + rows.length < total };
    },
  );

  server.post(
    '/admin/webhooks',
    {
      ...manage,
      preValidation: bodyMayBeMissing,
      schema: { tags, summary: 'Add a webhook', body: WebhookBody, response: { 201: CreatedWebhookAnswer } },
    },
    async (request, reply) => {
      const { webhook, secret } = await webhooks.create(operatorOf(request), inputOf(request.body));
      return reply.code(201).send({ ...present(webhook), secret });
    },
  );

  server.put(
    '/admin/webhooks/:id',
    {
      ...manage,
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Change a webhook; what is left out stays',
        params: WebhookParams,
        body: WebhookBody,
        response: { 200: WebhookAnswer },
      },
    },
    async (request) =>
      present(await webhooks.change(operatorOf(request), request.params.id, inputOf(request.body))),
  );

  server.delete(
    '/admin/webhooks/:id',
    {
      ...manage,
      schema: {
        tags,
        summary: 'Remove a webhook with its log',
        params: WebhookParams,
        response: { 200: SuccessAnswer },
      },
    },
    async (request) => {
      await webhooks.remove(operatorOf(request), request.params.id);
      return { success: true };
    },
  );

  server.post(
    '/admin/webhooks/:id/test',
    {
      ...manage,
      schema: {
        tags,
        summary: 'Send a trial now',
        params: WebhookParams,
        response: { 200: TestAnswer },
      },
    },
    async (request) => {
      const result = await webhooks.test(operatorOf(request), request.params.id);
      return { ...result, status: result.success ? 'success' : 'failed' };
    },
  );

  server.get(
    '/admin/webhooks/:id/deliveries',
    {
      ...view,
      schema: {
        tags,
        summary: 'What was delivered, what waits and what failed, newest first',
        params: WebhookParams,
        querystring: DeliveriesQuery,
        response: { 200: DeliveriesAnswer },
      },
    },
    async (request) => {
      const { limit, offset, status } = request.query;
      const { rows, total } = await webhooks.deliveries(
        operatorOf(request),
        request.params.id,
        status ?? null,
        { limit, offset },
      );
      return { deliveries: rows.map(presentDelivery), total, hasMore: offset + rows.length < total };
    },
  );

  server.post(
    '/admin/webhooks/:id/deliveries/:deliveryId/retry',
    {
      ...manage,
      schema: {
        tags,
        summary: 'Send a failed delivery again',
        params: DeliveryParams,
        response: { 200: SuccessAnswer },
      },
    },
    async (request) => {
      const { id, deliveryId } = request.params;
      await webhooks.sendAgain(operatorOf(request), id, deliveryId);
      return { success: true };
    },
  );
}
