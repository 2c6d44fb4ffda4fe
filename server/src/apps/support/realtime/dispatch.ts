import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from '../../../platform/http/errors.js';
import type { Log } from '../../../platform/telemetry/log.js';
import type { Answer } from './events.js';

/** Answers an event that wants an acknowledgement; does nothing when its sender wants none. */
export type Acknowledge = (answer: Answer | Readonly<Record<string, unknown>>) => void;

/** An event that sockets may send: what it must look like and what it does. */
export interface IncomingEvent<Subject> {
  accepts(payload: unknown): boolean;
  /** Told instead of `VALIDATION_ERROR` when there is no payload at all. */
  readonly absent?: string;
  handle(subject: Subject, payload: unknown, acknowledge: Acknowledge): void | Promise<void>;
}

/** Puts a schema before a handler, so that the handler sees nothing that does not match it. */
export function on<Subject, Schema extends TSchema>(
  schema: Schema,
  handle: (subject: Subject, payload: Static<Schema>, acknowledge: Acknowledge) => void | Promise<void>,
  absent?: string,
): IncomingEvent<Subject> {
  const validator = Compile(schema);
  return {
    accepts: (payload) => validator.Check(payload) && !holdsNul(payload),
    handle: (subject, payload, acknowledge) => handle(subject, payload as Static<Schema>, acknowledge),
    ...(absent === undefined ? {} : { absent }),
  };
}

/** PostgreSQL's texts cannot hold the character, and nobody means it. Schemas here are at most one object deep. */
function holdsNul(payload: unknown): boolean {
  const values = typeof payload === 'object' && payload !== null ? Object.values(payload) : [payload];
  return values.some((value) => typeof value === 'string' && value.includes('\0'));
}

/** The code by which the sender of an event is told of a failure. What is our own fault is logged. */
export function failureCode(error: unknown, log: Log, fields: object): string {
  if (error instanceof AppError && error.statusCode < 500) {
    return error.code === 'MESSAGE_TOO_LONG' ? 'VALIDATION_ERROR' : error.code;
  }
  log.error({ err: error, ...fields }, 'a socket event failed');
  return 'SERVER_ERROR';
}
