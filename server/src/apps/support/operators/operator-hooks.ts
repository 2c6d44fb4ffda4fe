import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { HttpServer } from '../../../platform/http/server.js';
import { bearerToken } from '../../../platform/identity/caller.js';
import type { OperatorCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import type { OperatorService } from '../services.js';
import { mayDo, type Permission } from './permissions.js';

declare module 'fastify' {
  interface FastifyRequest {
    operator: OperatorCaller | null;
  }
  interface FastifyContextConfig {
    /** What an operator must be allowed to do to use the route; empty for every operator. Absent on other routes. */
    operatorPermissions?: readonly Permission[];
  }
}

/** What makes a route one of the operators'. */
export interface OperatorRoute {
  readonly config: { readonly operatorPermissions: readonly Permission[] };
  readonly onRequest: onRequestAsyncHookHandler;
}

export interface OperatorHooks {
  /**
   * Spread into a route's options: lets only operators with all of these permissions through and sets
   * `request.operator`. The permissions stand in the route's `config`, from which the role matrix is tested.
   */
  operator(...permissions: readonly Permission[]): OperatorRoute;
}

/** The bearer check of all operator routes (contract §10.1), over the scope that they are added to. */
export function createOperatorHooks(server: HttpServer, operators: OperatorService): OperatorHooks {
  if (!server.hasRequestDecorator('operator')) server.decorateRequest('operator', null);
  return {
    operator: (...permissions) => ({
      config: { operatorPermissions: permissions },
      onRequest: async (request) => {
        const caller = await operators.verifyAccessToken(credentialOf(request));
        const missing = permissions.filter((permission) => !mayDo(caller.role, permission));
        if (missing.length > 0) {
          throw supportErrors.forbidden(undefined, { details: { missing_permissions: missing } });
        }
        request.operator = caller;
      },
    }),
  };
}

/**
 * The operator of a request behind the hook.
 *
 * @throws Error when the route has no such hook: a mistake of ours, told as a 500
 */
export function operatorOf(request: FastifyRequest): OperatorCaller {
  if (!request.operator) throw new Error(`Route ${request.routeOptions.url} asks which operator, unchecked.`);
  return request.operator;
}

function credentialOf(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (!header) throw supportErrors.missingAuthHeader();
  const token = bearerToken(header);
  if (!token) throw supportErrors.invalidAuthFormat();
  return token;
}
