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
