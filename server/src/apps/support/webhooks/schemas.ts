import { Type } from 'typebox';
import { optional } from '../sdk-shapes.js';

/** Whether anything is missing is said by the service in the contract's own code. */
export const WebhookBody = Type.Object({
  url: optional(Type.String({ maxLength: 4_096 })),
  events: optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 })),
  isActive: optional(Type.Boolean()),
});

export const WebhookParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
export const DeliveryParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  deliveryId: Type.String({ minLength: 1, maxLength: 100 }),
});

const page = {
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  offset: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
};
export const PageQuery = Type.Object(page);

const DeliveryStatus = Type.Unsafe<'pending' | 'delivered' | 'failed'>({
  type: 'string',
  enum: ['pending', 'delivered', 'failed'],
});
export const DeliveriesQuery = Type.Object({ ...page, status: Type.Optional(DeliveryStatus) });

const webhook = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  isActive: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
export const WebhookAnswer = Type.Object(webhook);
export const CreatedWebhookAnswer = Type.Object({
  ...webhook,
  secret: Type.String({ description: 'Signs the deliveries. It is shown this once.' }),
});
export const WebhooksAnswer = Type.Object({
  webhooks: Type.Array(WebhookAnswer),
  total: Type.Integer(),
  hasMore: Type.Boolean(),
});

const StatusOrNull = Type.Union([Type.Integer(), Type.Null()]);
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

export const TestAnswer = Type.Object({
  success: Type.Boolean(),
  status: Type.String(),
  httpStatus: StatusOrNull,
  responseBody: TextOrNull,
});

export const DeliveriesAnswer = Type.Object({
  deliveries: Type.Array(
    Type.Object({
      id: Type.String(),
      event: Type.String(),
      status: DeliveryStatus,
      httpStatus: StatusOrNull,
      responseBody: TextOrNull,
      attempts: Type.Integer(),
      payload: Type.String({ description: 'The body as it is sent and signed.' }),
      createdAt: Type.String(),
      deliveredAt: TextOrNull,
    }),
  ),
  total: Type.Integer(),
  hasMore: Type.Boolean(),
});

export const SuccessAnswer = Type.Object({ success: Type.Boolean() });
