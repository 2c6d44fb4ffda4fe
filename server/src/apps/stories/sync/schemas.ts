import { Type } from 'typebox';
import { Data } from '../envelopes.js';

const Value = Type.Unsafe<Record<string, unknown> | null>({
  type: ['object', 'null'],
  additionalProperties: true,
});

const MAX_CHANGES = 1_000;
const MAX_MUTATIONS = 200;

export const ChangesQuery = Type.Object({
  since: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: MAX_CHANGES, default: 500 }),
});

export const ChangesPage = Data(
  Type.Object({
    epoch: Type.String(),
    changes: Type.Array(
      Type.Object({
        seq: Type.Integer(),
        type: Type.String(),
        id: Type.String(),
        deleted: Type.Boolean(),
        value: Value,
      }),
    ),
    next: Type.Integer(),
    hasMore: Type.Boolean(),
    latest: Type.Integer(),
  }),
);

/** Each mutation is checked by itself, so that a bad one is refused alone. */
export const PushBody = Type.Object({
  deviceId: Type.String({ minLength: 1, maxLength: 64 }),
  mutations: Type.Array(Type.Unknown(), { minItems: 1, maxItems: MAX_MUTATIONS }),
});

export const PushResult = Data(
  Type.Object({
    epoch: Type.String(),
    latest: Type.Integer(),
    results: Type.Array(
      Type.Object({
        mutationId: Type.String(),
        status: Type.String({ description: 'applied, duplicate, conflict or rejected.' }),
        id: Type.Optional(Type.String()),
        version: Type.Optional(Type.Integer()),
        value: Type.Optional(Value),
        reason: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
      }),
    ),
  }),
);
