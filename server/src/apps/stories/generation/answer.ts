import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../../../platform/http/errors.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { NewOrder } from './order-kind.js';
import type { Orders } from './orders.js';

/** What a client may call one request, so that its repetition is recognised. */
const KEY = /^[\x21-\x7e]{1,255}$/;
const ASYNC = /(?:^|[,\s])respond-async(?:$|[,;\s])/i;

/**
 * The request's `Idempotency-Key`, null without one.
 *
 * @throws AppError 400 when it is none
 */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') return null;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw errors.validation('must be 1 to 255 visible ASCII characters', { field: 'Idempotency-Key' });
}

/**
 * Places an order for a request and waits for its end, as the app expects; with `Prefer: respond-async` answers 202 and
 * where to ask instead. A client that leaves does not stop what it ordered.
 *
 * @returns what the order tells, or null when the request has been answered
 * @throws AppError of the placing or of the order itself
 */
export async function orderFor<Input>(
  orders: Orders,
  request: FastifyRequest,
  reply: FastifyReply,
  wish: NewOrder<Input>,
): Promise<Readonly<Record<string, unknown>> | null> {
  const id = await orders.place(callerOf(request).userId, wish, idempotencyKeyOf(request));
  if (!ASYNC.test(String(request.headers.prefer ?? ''))) return orders.outcome(id);
  const statusUrl = `/api/v1/generations/${id}`;
  reply
    .code(202)
    .headers({ location: statusUrl, 'preference-applied': 'respond-async' })
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({
      data: { id, kind: wish.kind, subjectId: wish.subjectId, status: 'processing', statusUrl },
      message: 'This is being made. Ask at statusUrl.',
    });
  return null;
}
