import { type Static, Type } from 'typebox';
import { fieldsOf } from '../check-fields.js';

const id = Type.String({ minLength: 1, maxLength: 200 });
const choice = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values] });

export const entityTypes = ['hero', 'story', 'illustration', 'customEvent'] as const;
export type EntityType = (typeof entityTypes)[number];

/** One thing that a user did on a device. */
export const Mutation = Type.Object({
  mutationId: Type.String({ minLength: 1, maxLength: 64 }),
  type: choice(entityTypes),
  op: choice(['create', 'update', 'delete', 'play', 'listen']),
  id: Type.Optional(id),
  localId: Type.Optional(id),
  baseVersion: Type.Optional(Type.Integer({ minimum: 0 })),
  fields: Type.Optional(Type.Unsafe<Record<string, unknown>>({ type: 'object' })),
  at: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
});
export type Mutation = Static<typeof Mutation>;

/** @throws AppError 400 naming the member that is wrong */
export const checkMutation = fieldsOf(Mutation);

/** What a `listen` says. */
const Listening = Type.Object({
  startedAt: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  endedAt: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  duration: Type.Optional(Type.Number()),
  completed: Type.Boolean(),
});

/** @throws AppError 400 */
export const checkListening = fieldsOf(Listening);
