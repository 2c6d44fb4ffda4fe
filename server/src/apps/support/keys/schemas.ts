import { Type } from 'typebox';
import { Instant, optional } from '../sdk-shapes.js';

/** Contract §18: a rotation's grace; three months is longer than any store takes to roll out an update. */
const MAX_GRACE_SECONDS = 90 * 86_400;

const InstantOrNull = Type.Union([Instant, Type.Null()]);

export const GraceSeconds = Type.Integer({ minimum: 0, maximum: MAX_GRACE_SECONDS });

export const KeyParams = Type.Object({ id: Type.String({ maxLength: 100 }) });

export const CreateKeyBody = Type.Object({
  name: optional(Type.String({ maxLength: 100 })),
  expires_at: optional(Instant),
});

export const RotateKeyBody = Type.Object({ grace_seconds: optional(GraceSeconds) });

const key = {
  id: Type.String(),
  name: Type.String(),
  prefix: Type.String({ description: 'The first characters, by which people tell their keys apart.' }),
  created_at: Instant,
  expires_at: InstantOrNull,
  last_used_at: InstantOrNull,
  revoked_at: InstantOrNull,
};

export const KeysAnswer = Type.Object({ api_keys: Type.Array(Type.Object(key)) });

export const CreatedKeyAnswer = Type.Object({
  ...key,
  api_key: Type.String({ description: 'Shown this once.' }),
});

export const RotatedKeyAnswer = Type.Object({
  id: Type.String(),
  api_key: Type.String({ description: 'Shown this once.' }),
  previous_valid_until: InstantOrNull,
});
