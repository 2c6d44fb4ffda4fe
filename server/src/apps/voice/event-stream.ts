import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toAppError } from '../../platform/http/error-body.js';
import type { AppError } from '../../platform/http/errors.js';

/** Keeps proxies from dropping a connection on which nothing happens (contract §5.1). */
const HEARTBEAT_MS = 15_000;

/** One server-sent event; without a name it is a plain `data:` line, as OpenAI's Chat Completions stream has them. */
export const serverSentEvent = (data: object | '[DONE]', name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/**
 * Waits for the first element, so that what fails before it can be told by the status of the answer.
 *
 * @throws what the source throws before its first element
 */
export async function begun<T>(source: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let step = first; !step.done; step = await iterator.next()) yield step.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

/**
 * A stream that says so when it breaks off, as its status has been told already.
 *
 * @param last what is put behind its elements then
 */
export async function* withLastWord<T>(
  source: AsyncIterable<T>,
  { log }: Pick<FastifyRequest, 'log'>,
  last: (error: AppError) => T,
): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.statusCode >= 500) log.error({ err: thrown, code: error.code }, 'an answer broke off');
    yield last(error);
  }
}

/** Answers with a stream of events; nothing is read from the source faster than the client takes it. */
export const sendEvents = (reply: FastifyReply, events: AsyncIterable<string>): FastifyReply =>
  reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Tells nginx to pass events on at once.
      'x-accel-buffering': 'no',
    })
    .send(Readable.from(withHeartbeat(events)));

async function* withHeartbeat(events: AsyncIterable<string>): AsyncGenerator<string> {
  const iterator = events[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const step = await orHeartbeat(next);
      if (step === 'heartbeat') {
        yield ': still here\n\n';
        continue;
      }
      if (step.done) return;
      yield step.value;
      next = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

async function orHeartbeat<T>(next: Promise<T>): Promise<T | 'heartbeat'> {
  let timer: NodeJS.Timeout | undefined;
  const beat = new Promise<'heartbeat'>((resolve) => {
    timer = setTimeout(resolve, HEARTBEAT_MS, 'heartbeat');
  });
  try {
    return await Promise.race([next, beat]);
  } finally {
    clearTimeout(timer);
  }
}
