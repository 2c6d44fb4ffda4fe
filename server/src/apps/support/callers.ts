import type { FastifyRequest } from 'fastify';
import type { OperatorRole } from './tables.js';

/** An SDK installation whose headers or handshake were verified. */
export interface DeviceCaller {
  readonly kind: 'device';
  readonly appId: string;
  /** The SDK's own id of the installation. */
  readonly deviceId: string;
  /** Which of the app's keys it showed: sockets are closed when that key ends. */
  readonly keyId: string;
}

/** A member of an app's team whose access token was verified. */
export interface OperatorCaller {
  readonly kind: 'operator';
  readonly appId: string;
  readonly operatorId: string;
  readonly email: string;
  readonly role: OperatorRole;
  /** Epoch milliseconds; a socket opened with the token does not outlive it. */
  readonly expiresAt: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the device hooks only. */
    device: DeviceCaller | null;
    /** Set by {@link OperatorHooks.requirePermission} only. */
    operator: OperatorCaller | null;
  }
}

/**
 * The operator of a request behind a permission hook.
 *
 * @throws Error when the route has no such hook: a mistake of ours, told as a 500
 */
export function operatorOf(request: FastifyRequest): OperatorCaller {
  if (!request.operator)
    throw new Error(`Route ${request.routeOptions.url} asks which operator is calling but never checked.`);
  return request.operator;
}

/**
 * The SDK installation of a request behind a device hook.
 *
 * @throws Error when the route has no such hook: a mistake of ours, told as a 500
 */
export function deviceOf(request: FastifyRequest): DeviceCaller {
  if (!request.device)
    throw new Error(`Route ${request.routeOptions.url} asks which device is calling but never checked.`);
  return request.device;
}
