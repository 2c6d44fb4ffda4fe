import { createHmac } from 'node:crypto';
import type { OutgoingAnswer, PublicHttp } from '../../../platform/http/public-addresses.js';

export interface SignedDelivery {
  readonly id: string;
  readonly event: string;
  /** The raw body. */
  readonly payload: string;
  readonly url: string;
  readonly secret: string;
}

/** More of an answer is neither read nor kept. */
const MAX_ANSWER_BYTES = 2_048;

/** `sha256=` and the HMAC-SHA256 of the raw body in hexadecimal digits. */
export const signatureOf = (secret: string, payload: string): string =>
  `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`;

/**
 * Posts a delivery. Receivers tell repeats by `X-ReplyHQ-Delivery`.
 *
 * @throws PrivateAddress
 * @throws NoAnswer
 */
export const postSigned = (
  http: PublicHttp,
  { id, event, payload, url, secret }: SignedDelivery,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<OutgoingAnswer> =>
  http.send({
    url: new URL(url),
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Earshot-Webhooks',
      'x-replyhq-signature': signatureOf(secret, payload),
      'x-replyhq-event': event,
      'x-replyhq-delivery': id,
    },
    body: payload,
    timeoutMs,
    maxResponseBytes: MAX_ANSWER_BYTES,
    ...(signal ? { signal } : {}),
  });

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** What the database can hold of an answer: text without NUL. */
export const textOf = ({ body }: OutgoingAnswer): string => body.toString('utf8').replaceAll('\0', '');
