import type { preValidationHookHandler } from 'fastify';
import { type TSchema, Type } from 'typebox';

/** A member that may be missing; `null` means the same (contract §3.1). */
export const Optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** A missing body counts as `{}`, so that the routes can name what is missing in the contract's own codes. */
export const bodyMayBeMissing: preValidationHookHandler = (request, _reply, done) => {
  request.body ??= {};
  done();
};
