import { type TSchema, Type } from 'typebox';

/** What is not named in a schema is taken and has no effect: OpenAI's clients send more with every version. */
export const Open = { additionalProperties: true } as const;

/** Any JSON object, for example a JSON schema. */
export const AnyObject = Type.Record(Type.String(), Type.Unknown());

export const oneOf = <T extends string>(...values: T[]) => Type.Unsafe<T>({ type: 'string', enum: values });

/** OpenAI's clients write null for what they leave out. */
export const orNull = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));
