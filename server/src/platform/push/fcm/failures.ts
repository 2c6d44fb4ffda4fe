import { refusals } from '../push.js';
import { retryAfterMs } from '../retry-after.js';

export type FcmFailure =
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number | undefined }
  /** Our access token, not the device's. */
  | { readonly kind: 'signed-out' };

/** Firebase's own error codes, where trying again cannot help. */
const REFUSALS: Readonly<Record<string, string>> = {
  UNREGISTERED: refusals.notRegistered,
  INVALID_ARGUMENT: refusals.invalidArgument,
  SENDER_ID_MISMATCH: refusals.mismatchedCredential,
  THIRD_PARTY_AUTH_ERROR: refusals.thirdPartyAuth,
};
const BY_STATUS: Readonly<Record<number, string>> = {
  400: refusals.invalidArgument,
  403: refusals.mismatchedCredential,
  404: refusals.notRegistered,
};

interface FcmError {
  readonly message?: string;
  readonly details?: readonly {
    readonly errorCode?: string;
    readonly fieldViolations?: readonly { readonly field?: string }[];
  }[];
}

/** What an answer that is not 2xx means: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode */
export async function failureOf(answer: Response, now: number): Promise<FcmFailure> {
  const { message = '', details = [] } = await errorOf(answer);
  const code = details.find(({ errorCode }) => errorCode)?.errorCode;
  if (answer.status === 429 || answer.status >= 500) {
    return { kind: 'unavailable', retryAfterMs: retryAfterMs(answer.headers.get('retry-after'), now) };
  }
  if (code === undefined && answer.status === 401) return { kind: 'signed-out' };
  const known = (code === undefined ? undefined : REFUSALS[code]) ?? BY_STATUS[answer.status];
  if (known !== refusals.invalidArgument)
    return { kind: 'refused', code: known ?? 'messaging/unknown-error' };
  const fields = details.flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field));
  if (fields.includes('message.token') || /registration token is not (a )?valid/i.test(message)) {
    return { kind: 'refused', code: refusals.invalidToken };
  }
  return { kind: 'refused', code: known };
}

async function errorOf(answer: Response): Promise<FcmError> {
  try {
    const body: unknown = await answer.json();
    const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
    return typeof error === 'object' && error !== null ? (error as FcmError) : {};
  } catch {
    return {}; // a proxy's page: the status alone must do
  }
}
