import { Type } from 'typebox';
import { User } from '../conversations/schemas.js';
import { oneOf } from '../sdk-shapes.js';

export const IdentifyBody = Type.Object({ user: User });

export const PushTokenBody = Type.Object({
  token: Type.String({
    pattern: '^[\\x20-\\x7e]{10,2000}$',
    description: 'What the push provider gave; for `web` the subscription as JSON.',
  }),
  platform: oneOf(['android', 'ios', 'web']),
  device_id: Type.String({ minLength: 1, maxLength: 200, description: 'The same as in X-Device-Id.' }),
});
