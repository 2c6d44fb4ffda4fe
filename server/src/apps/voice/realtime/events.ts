import { type AppError, errors } from '../../../platform/http/errors.js';
import { prefixedId } from '../../../platform/ids.js';
import { presentOpenAIError } from '../present-error.js';
import { isMembers } from '../realtime-sessions/configuration.js';

/** One message of the Realtime protocol, of either side (contract §8.5, §8.6). */
export interface RealtimeEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** An event of the server's, with an id of its own. */
export const serverEvent = (
  type: string,
  members: Readonly<Record<string, unknown>> = {},
): RealtimeEvent => ({
  type,
  event_id: prefixedId('event_'),
  ...members,
});

/** What a client did wrong; the connection goes on. */
export class RealtimeProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
  }
}

/** The `error` event. @param cause the client's event that it answers */
export function errorEvent(error: RealtimeProblem | AppError, cause?: RealtimeEvent): RealtimeEvent {
  const eventId = typeof cause?.event_id === 'string' ? cause.event_id : null;
  const told =
    error instanceof RealtimeProblem
      ? { type: 'invalid_request_error', code: error.code, message: error.message, param: error.param }
      : presentOpenAIError(error).error;
  return serverEvent('error', { error: { ...told, event_id: eventId } });
}

/** @throws RealtimeProblem for what is no event */
export function parseEvent(text: string): RealtimeEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RealtimeProblem('invalid_json', 'The message is not valid JSON.');
  }
  if (!isMembers(value)) throw new RealtimeProblem('invalid_event', 'A message is one JSON object.');
  if (typeof value.type !== 'string' || value.type.length > 100)
    throw new RealtimeProblem('invalid_event', 'An event needs a `type`.', 'type');
  return { ...value, type: value.type };
}

/** Any failure in words that may leave the house; what is not ours to explain becomes a plain server error. */
export const inWords = (error: unknown): RealtimeProblem | AppError =>
  error instanceof RealtimeProblem || isAppError(error) ? error : errors.internal({ cause: error });

const isAppError = (error: unknown): error is AppError =>
  error instanceof Error && 'statusCode' in error && 'code' in error;
