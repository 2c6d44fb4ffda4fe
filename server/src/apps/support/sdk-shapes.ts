import { type TSchema, Type } from 'typebox';

/*
 * Parts of schemas that all of the SDK's shapes share. SDKs write out what they lack as null, so wherever a value is
 * optional, null is the same as its absence.
 */

export const optionalText = (options: object = {}) =>
  Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...options }));

/** Any JSON object, or nothing. */
export const optionalObject = (options: object = {}) =>
  Type.Optional(
    Type.Unsafe<Readonly<Record<string, unknown>> | null>({ type: ['object', 'null'], ...options }),
  );

export const optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

export const oneOf = <T extends string>(values: readonly T[], options: object = {}) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...options });

/** ISO 8601, UTC, milliseconds. */
export const Instant = Type.String({ format: 'date-time' });

/** Ids of users are parts of index keys, whose length databases bound. */
export const UserId = Type.String({ minLength: 1, maxLength: 300 });

export const Success = Type.Object({ success: Type.Literal(true) });
