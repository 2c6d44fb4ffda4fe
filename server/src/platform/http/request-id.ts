import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Ids that a proxy or client may give a request: anything that is safe in a header and in a log line. */
const GIVEN_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The request's `X-Request-Id` when it is a fit one, else a new id: `request_id` in the log. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && GIVEN_REQUEST_ID.test(given) ? given : randomUUID();
}
