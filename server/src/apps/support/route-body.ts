import type { preValidationHookHandler } from 'fastify';

/** A missing body counts as `{}`, so that the routes can name what is missing in the contract's own codes. */
export const bodyMayBeMissing: preValidationHookHandler = (request, _reply, done) => {
  request.body ??= {};
  done();
};
