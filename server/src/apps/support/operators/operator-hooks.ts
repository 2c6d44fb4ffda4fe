import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { HttpServer } from '../../../platform/http/server.js';
import { bearerToken } from '../../../platform/identity/caller.js';
import { supportErrors } from '../errors.js';
import type { OperatorHooks, OperatorService } from '../services.js';
import { mayDo, type Permission } from './permissions.js';

declare module 'fastify' {
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

export interface OperatorRouteHooks extends OperatorHooks {
  /**
   * Spread into a route's options: lets only operators with all of these permissions through and sets
   * `request.operator`. The permissions stand in the route's `config`, from which the role matrix is tested.
   */
  operator(...permissions: readonly Permission[]): OperatorRoute;
}

/** The bearer check of all operator routes (contract §10.1), for the scope that they are added to. */
export function createOperatorHooks(server: HttpServer, operators: OperatorService): OperatorRouteHooks {
  if (!server.hasRequestDecorator('operator')) server.decorateRequest('operator', null);
  const permissionsOfHook = new Map<unknown, readonly Permission[]>();

  const require = (permissions: readonly Permission[]): onRequestAsyncHookHandler => {
    const hook: onRequestAsyncHookHandler = async (request) => {
      const caller = await operators.verifyAccessToken(credentialOf(request));
      const missing = permissions.filter((permission) => !mayDo(caller.role, permission));
      if (missing.length > 0) {
        throw supportErrors.forbidden(undefined, { details: { missing_permissions: missing } });
      }
      request.operator = caller;
    };
    permissionsOfHook.set(hook, permissions);
    return hook;
  };

  // Routes that name their hook alone get the permission into their config all the same.
  server.addHook('onRoute', (route) => {
    const permissions = [route.onRequest].flat().flatMap((hook) => permissionsOfHook.get(hook) ?? []);
    if (permissions.length > 0) route.config = { ...route.config, operatorPermissions: permissions };
  });

  return {
    operator: (...permissions) => ({
      config: { operatorPermissions: permissions },
      onRequest: require(permissions),
    }),
    requirePermission: (permission) => require([permission]),
  };
}

function credentialOf(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (!header) throw supportErrors.missingAuthHeader();
  const token = bearerToken(header);
  if (!token) throw supportErrors.invalidAuthFormat();
  return token;
}
