import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { toAppError } from '../../../platform/http/error-body.js';
import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { LimitedOperation, UsageService } from '../services.js';

/** What an engine made, and what it took. */
export interface Made<T> {
  readonly value: T;
  readonly tokens?: number;
}

/** A call of an engine that is answered at once. */
export interface MeteredCall {
  readonly operation: LimitedOperation;
  /** For the ledger. */
  readonly model: string;
  /** US dollars. */
  readonly cost?: number;
  /** What is asked: the same of the same user at the same time is one call. */
  readonly sameness: unknown;
}

export type Metered = <T>(
  userId: string,
  call: MeteredCall,
  make: (signal: AbortSignal) => Promise<Made<T>>,
) => Promise<Made<T>>;

/** What a request asks, whichever of its two paths it came by. */
export const askedBy = ({ routeOptions, body }: FastifyRequest): unknown => [
  routeOptions.url?.replace('/v1', ''),
  body,
];

/** How long a stopping server lets calls run. */
const LAST_WAIT_MS = 4_000;

/**
 * Calls of engines that leave nothing but their answer: taken from the limits, noted in the ledger, and made once for
 * clients that ask again because they grew impatient. A client that leaves does not stop its call.
 */
export function createMeter({ database }: Pick<Platform, 'database'>, usage: UsageService) {
  const running = new Map<string, Promise<Made<unknown>>>();
  const stopping = new AbortController();

  const run = async <T>(
    userId: string,
    { operation, model, cost = 0 }: MeteredCall,
    make: (signal: AbortSignal) => Promise<Made<T>>,
  ): Promise<Made<T>> => {
    const id = await database.transaction((tx) => usage.reserve(tx, userId, operation, model));
    const began = performance.now();
    const made = await make(stopping.signal).catch(async (error: unknown) => {
      const durationMs = performance.now() - began;
      await usage.settle(id, { success: false, durationMs, error: toAppError(error).message });
      throw error;
    });
    const { tokens } = made;
    const durationMs = performance.now() - began;
    await usage.settle(id, { success: true, cost, durationMs, ...(tokens === undefined ? {} : { tokens }) });
    return made;
  };

  const metered: Metered = <T>(
    userId: string,
    call: MeteredCall,
    make: (signal: AbortSignal) => Promise<Made<T>>,
  ) => {
    const name = createHash('sha256')
      .update(JSON.stringify([userId, call.operation, call.sameness]))
      .digest('base64');
    const known = running.get(name);
    // Its name says what was asked, so its answer is of that shape.
    if (known) return known as Promise<Made<T>>;
    const fresh = run(userId, call, make).finally(() => running.delete(name));
    running.set(name, fresh);
    return fresh;
  };

  return {
    metered,
    /** For `preClose`: calls have a last while, then their clients are told to come back. */
    stop: async (): Promise<void> => {
      const until = performance.now() + LAST_WAIT_MS;
      while (running.size > 0 && performance.now() < until) await sleep(20);
      stopping.abort(
        errors.unavailable('The server is being restarted. Please ask again.', { retryAfterSeconds: 5 }),
      );
    },
  };
}
