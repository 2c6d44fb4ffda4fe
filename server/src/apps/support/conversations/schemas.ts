import { Type } from 'typebox';
import { Instant, oneOf, optional, optionalObject, optionalText, UserId } from '../sdk-shapes.js';

export const DeviceContext = Type.Unsafe<Readonly<Record<string, unknown>> | null>({
  type: ['object', 'null'],
  properties: {
    platform: { type: ['string', 'null'], enum: ['android', 'ios', 'web', 'desktop', null] },
    os_version: { type: ['string', 'null'] },
    app_version: { type: ['string', 'null'] },
    device_model: { type: ['string', 'null'] },
    locale: { type: ['string', 'null'] },
    timezone: { type: ['string', 'null'] },
    sdk_version: { type: ['string', 'null'] },
  },
});

export const User = Type.Object({
  id: UserId,
  name: optionalText(),
  email: optionalText({ description: 'Kept as it is, whatever its form.' }),
  attributes: optionalObject(),
});

export const OpenBody = Type.Object({
  user: optional(User),
  device_context: Type.Optional(DeviceContext),
});

export const Conversation = Type.Object({
  id: Type.String(),
  visitor_id: Type.String(),
  status: oneOf(['open', 'resolved']),
  created_at: Instant,
  updated_at: Instant,
  metadata: Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true }),
});

export const OpenAnswer = Type.Object({ conversation: Conversation });
