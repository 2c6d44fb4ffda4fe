import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../../platform/http/errors.js';
import type { DeviceCaller, OperatorCaller } from '../callers.js';
import type { KeyService, OperatorService } from '../services.js';

/** Why a socket may not come in; `message` is the contract's text of the CONNECT_ERROR. */
export class HandshakeRefusal extends Error {
  override readonly name = 'HandshakeRefusal';
}

const missing = (): HandshakeRefusal => new HandshakeRefusal('MISSING_PARAMS');
const wrong = (): HandshakeRefusal => new HandshakeRefusal('INVALID_CREDENTIALS');
/** Pages refresh their token when the text says `unauthorized` or `auth` in lower case (contract §4.4). */
const expired = (): HandshakeRefusal =>
  new HandshakeRefusal('INVALID_CREDENTIALS: unauthorized, the access token has expired');

const textOf = (auth: Readonly<Record<string, unknown>>, name: string): string => {
  const value = auth[name];
  if (typeof value !== 'string' || value.length === 0) throw missing();
  if (value.length > 8_192 || value.includes('\0')) throw wrong();
  return value;
};

/** @throws HandshakeRefusal */
export async function authenticateDevice(
  keys: KeyService,
  auth: Readonly<Record<string, unknown>>,
): Promise<DeviceCaller> {
  const appId = textOf(auth, 'app_id');
  const deviceId = textOf(auth, 'device_id');
  const apiKey = textOf(auth, 'api_key');
  const key = await keys.verify(appId, apiKey);
  if (!key) throw wrong();
  return { kind: 'device', appId, deviceId, keyId: key.keyId };
}

/**
 * An operator by their access token. An app's key is never enough: every build of the app carries it.
 *
 * @throws HandshakeRefusal
 */
export async function authenticateOperator(
  operators: OperatorService,
  auth: Readonly<Record<string, unknown>>,
): Promise<OperatorCaller> {
  const appId = textOf(auth, 'app_id');
  const caller = await operatorOf(operators, textOf(auth, 'admin_token'));
  if (caller.appId !== appId) throw wrong();
  return caller;
}

/** @throws HandshakeRefusal */
export async function operatorOf(operators: OperatorService, token: string): Promise<OperatorCaller> {
  try {
    return await operators.verifyAccessToken(token);
  } catch (error) {
    if (!(error instanceof AppError) || error.statusCode >= 500) throw error;
    throw error.code === 'TOKEN_EXPIRED' ? expired() : wrong();
  }
}

/** Whether a page of this origin may act as an operator. Clients without one are no browsers. */
export function isOriginAllowed(
  headers: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  allowed: readonly string[] | 'any',
): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed === 'any' || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
