import { type Static, Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';

/** Kinds that can be taken in by batch, with the name under which a body lists them. */
export const batchKinds = { hero: 'heroes', story: 'stories', customEvent: 'customEvents' } as const;
export type BatchKind = keyof typeof batchKinds;

/** An item as the client knows it. Everything but its id is checked by the rules of its room. */
export interface BatchItem {
  readonly localId: string;
  /** How people know it: `name` of heroes, `title` of the others. */
  readonly label: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** @throws AppError 400 for something that has no id of the client's */
export function batchItem(given: unknown): BatchItem {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw errors.validation('every item must be an object', { field: 'items' });
  }
  const { id, localId = id, ...fields } = given as Record<string, unknown>;
  if (typeof localId !== 'string' || localId === '' || localId.length > 200) {
    throw errors.validation('must be the client’s own id, 1 to 200 characters', { field: 'id' });
  }
  return { localId, label: labelOf(given), fields };
}

/** What can be told of an item that may be anything. */
export function labelOf(given: unknown): string {
  const { name, title } = (given ?? {}) as { readonly name?: unknown; readonly title?: unknown };
  const label = typeof name === 'string' ? name : title;
  return typeof label === 'string' ? label.slice(0, 200) : '';
}

export function localIdOf(given: unknown): string {
  const { id, localId } = (given ?? {}) as { readonly id?: unknown; readonly localId?: unknown };
  const known = localId ?? id;
  return typeof known === 'string' ? known.slice(0, 200) : '';
}

const Label = { name: Type.Optional(Type.String()), title: Type.Optional(Type.String()) };

export const BatchAnswer = Type.Object({
  success: Type.Boolean(),
  created: Type.Integer(),
  failed: Type.Integer(),
  total: Type.Integer(),
  results: Type.Object({
    created: Type.Array(Type.Object({ localId: Type.String(), serverId: Type.String(), ...Label })),
    failed: Type.Array(Type.Object({ localId: Type.String(), ...Label, error: Type.String() })),
    total: Type.Integer(),
  }),
});
export type BatchAnswer = Static<typeof BatchAnswer>;
