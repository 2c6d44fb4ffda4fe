import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from '../../../platform/database/database.js';
import { AppError, errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { UsageService } from '../services.js';
import type { GenerationRow } from '../tables.js';
import { lockOwner } from '../usage/owner-lock.js';
import { isOurs } from './engine-failures.js';
import type { NewOrder, Order, OrderKind, OrderKindName, Product } from './order-kind.js';
import type { OrderStore } from './store.js';

const GENERATE_JOB = 'stories.generate';
const jobKeyOf = (orderId: string): string => `${GENERATE_JOB}:${orderId}`;
/** Told to all nodes when an order ends, with its id. */
const ENDED_TOPIC = 'stories.order-ended';
/** Orders at a time on one node: the built-in engines fill the cores, an upstream mostly waits. */
const CONCURRENCY = { builtin: 2, openai: 16 } as const;
const PER_USER = 4;
/** Attempts count crashes and our own failures only; the engine's word ends an order at once. */
const ATTEMPTS = 5;
/** How long a wait goes by its ears before it looks by itself: events are hints that may be lost. */
const LOOK_AGAIN_MS = 2_000;
/** How long a stopping server lets requests wait for their orders. */
const LAST_WAIT_MS = 4_000;
const STOPPING = () =>
  errors.unavailable('The server is being restarted. What you ordered is being made; please ask again.', {
    retryAfterSeconds: 5,
  });
const OUR_FAULT = () =>
  new AppError('InternalServerError', 500, 'The server could not finish this. Please try again.');

interface JobPayload {
  readonly orderId: string;
}

/**
 * Durable orders: what a user asked the engines for. One transaction checks it, takes it from the limits and stores it with
 * its job; the job survives crashes; one transaction writes what came out and ends the order. So nothing is half-written,
 * paid twice or counted twice.
 */
export async function createOrders(
  platform: Pick<Platform, 'changes' | 'clock' | 'database' | 'events' | 'jobs' | 'log' | 'media' | 'text'>,
  store: OrderStore,
  usage: UsageService,
) {
  const { changes, clock, database, events, jobs, log, media, text } = platform;
  const kinds = new Map<OrderKindName, OrderKind<unknown>>();
  const waiting = new Map<string, Set<() => void>>();
  const stopping = new AbortController();

  const wake = (id: unknown) => {
    for (const resolve of waiting.get(String(id)) ?? []) resolve();
  };
  const unsubscribe = await events.subscribe(ENDED_TOPIC, wake);

  const kindOf = (name: OrderKindName): OrderKind<unknown> => {
    const kind = kinds.get(name);
    if (!kind) throw new Error(`Nobody makes orders of the kind ${name}.`);
    return kind;
  };

  /** Stores an order, or finds the one that is the same. */
  const placeIn = async <Input>(
    tx: Transaction,
    userId: string,
    wish: NewOrder<Input>,
    key: string | null = null,
  ): Promise<{ readonly id: string; readonly version: number | null }> => {
    await lockOwner(database, tx, userId);
    const fingerprint = fingerprintOf(wish);
    const known = key === null ? undefined : await store.byKey(tx, userId, key);
    if (known && known.fingerprint !== fingerprint) {
      throw errors.conflict('This Idempotency-Key was used for something else.', {
        field: 'Idempotency-Key',
      });
    }
    if (known) return { id: known.id, version: null };
    const same = await store.inFlight(tx, userId, fingerprint);
    if (same) {
      if (key !== null && same.idempotency_key === null) await store.nameIt(tx, same.id, key);
      return { id: same.id, version: null };
    }
    const now = clock.now();
    const id = uuidV7(now);
    const { input, version = null } = await wish.admit(tx, id);
    await store.insert(tx, {
      id,
      user_id: userId,
      kind: wish.kind,
      subject_id: wish.subjectId,
      fingerprint,
      idempotency_key: key,
      input: JSON.stringify(input),
      status: 'processing',
      result: null,
      error: null,
      created_at: now,
      updated_at: now,
    });
    await jobs.enqueue<JobPayload>(tx, {
      name: GENERATE_JOB,
      payload: { orderId: id },
      owner: userId,
      uniqueKey: jobKeyOf(id),
    });
    return { id, version };
  };

  const complete = async (row: GenerationRow, product: Product, durationMs: number) => {
    const written = await database.transaction(async (tx) => {
      await lockOwner(database, tx, row.user_id);
      if (!(await store.end(tx, row.id, { status: 'completed' }, clock.now()))) return null;
      const { result, version } = await product.write(tx);
      await store.noteResult(tx, row.id, JSON.stringify(result));
      await usage.settle(row.id, { success: true, durationMs, ...product.outcome }, tx);
      return { version };
    });
    if (!written) {
      for (const key of product.mediaKeys ?? []) await media.delete(key);
      return;
    }
    await announce(row, written.version);
  };

  const fail = async (row: GenerationRow, reason: AppError, durationMs: number) => {
    const written = await database.transaction(async (tx) => {
      await lockOwner(database, tx, row.user_id);
      const end = {
        status: 'failed',
        error: JSON.stringify(errorRecord(reason)),
        idempotency_key: null,
      } as const;
      if (!(await store.end(tx, row.id, end, clock.now()))) return null;
      const version = (await kindOf(row.kind).failed?.(tx, orderOf(row), reason)) ?? null;
      await usage.settle(row.id, { success: false, durationMs, error: reason.message }, tx);
      return { version };
    });
    if (written) await announce(row, written.version);
  };

  const announce = async (row: GenerationRow, version: number | null) => {
    if (version !== null) await changes.announce(row.user_id, version);
    wake(row.id);
    await events.publish(ENDED_TOPIC, row.id);
  };

  const job: JobDefinition<JobPayload> = {
    name: GENERATE_JOB,
    concurrency: CONCURRENCY[text.engine],
    perOwner: PER_USER,
    maxAttempts: ATTEMPTS,
    backoffMs: (attempt) => Math.min(15_000, 500 * 2 ** attempt),
    run: async ({ payload: { orderId }, signal }) => {
      const row = await store.byId(orderId);
      if (row?.status !== 'processing') return;
      const began = performance.now();
      try {
        const product = await kindOf(row.kind).run(orderOf(row), signal);
        signal.throwIfAborted();
        await complete(row, product, performance.now() - began);
      } catch (error) {
        if (signal.aborted || !(error instanceof AppError) || isOurs(error)) throw error;
        // Merged into another account meanwhile: it is made again, for that one.
        if ((await store.byId(orderId))?.user_id !== row.user_id) throw error;
        log.warn({ code: error.code, order: orderId, kind: row.kind }, 'an order of the stories failed');
        await fail(row, error, performance.now() - began);
      }
    },
    exhausted: async ({ orderId }, reason) => {
      log.error({ err: reason, order: orderId }, 'an order of the stories was given up');
      const row = await store.byId(orderId);
      if (row) await fail(row, OUR_FAULT(), 0);
    },
  };
  jobs.define(job);

  /** Waits until the order has ended. */
  const outcome = async (id: string): Promise<Readonly<Record<string, unknown>>> => {
    for (;;) {
      const hearing = hear(waiting, id);
      try {
        const row = await store.byId(id);
        if (!row) throw errors.notFound('What was ordered is not there any more.');
        if (row.status === 'completed') return JSON.parse(row.result ?? '{}');
        if (row.status === 'failed') throw errorOf(row);
        if (stopping.signal.aborted) throw STOPPING();
        await hearing.within(LOOK_AGAIN_MS);
      } finally {
        hearing.forget();
      }
    }
  };

  return {
    /** Says who makes the orders of a kind. */
    define: <Input>(kind: OrderKind<Input>): void => {
      kinds.set(kind.name, kind as OrderKind<unknown>);
    },

    /** In somebody's transaction, who has the owner's lock or takes it here. */
    placeIn,

    /**
     * Stores an order. The same wish while it is being made, and the same key for ever, find the order that is there.
     *
     * @param key the request's `Idempotency-Key`
     * @throws AppError what `admit` throws, 409 for a key of another wish
     */
    place: async <Input>(userId: string, wish: NewOrder<Input>, key: string | null): Promise<string> => {
      const { id, version } = await database.transaction((tx) => placeIn(tx, userId, wish, key));
      if (version !== null) await changes.announce(userId, version);
      return id;
    },

    /** Waits for the end, wherever it is made. @throws AppError the order's failure, as it was */
    outcome,

    byId: store.byId,

    /** What is being made. */
    inFlight: store.allInFlight,

    /** Fails orders that have no job any more, so that their owner can order again at once. */
    recover: async (): Promise<void> => {
      for (const row of await store.allInFlight()) {
        if (await jobs.has(jobKeyOf(row.id))) continue;
        log.warn({ order: row.id, kind: row.kind }, 'an order without a job was marked as failed');
        await fail(row, OUR_FAULT(), 0);
      }
    },

    /** Gives waiting requests a last while, then tells them to ask again. For the server's `preClose`. */
    stop: async (): Promise<void> => {
      const until = performance.now() + LAST_WAIT_MS;
      while (waiting.size > 0 && performance.now() < until) await sleep(20);
      stopping.abort();
      for (const id of waiting.keys()) wake(id);
      await unsubscribe();
    },
  };
}

export type Orders = Awaited<ReturnType<typeof createOrders>>;

const orderOf = (row: GenerationRow): Order<unknown> => ({
  id: row.id,
  userId: row.user_id,
  subjectId: row.subject_id ?? '',
  input: JSON.parse(row.input),
  orderedAt: row.created_at,
});

const fingerprintOf = ({ kind, subjectId, sameness }: NewOrder<unknown>): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, subjectId, sameness]))
    .digest('base64url');

/** What is kept of a failure, without its cause. */
const errorRecord = ({ code, statusCode, message, retryAfterSeconds, details }: AppError) => ({
  code,
  statusCode,
  message,
  retryAfterSeconds,
  details,
});

/** The failure of an order, as it was told the first time. */
export function errorOf(row: Pick<GenerationRow, 'error'>): AppError {
  const { code, statusCode, message, ...options } = JSON.parse(row.error ?? '{}');
  return new AppError(code ?? 'INTERNAL_ERROR', statusCode ?? 500, message ?? '', options);
}

/** Listens for the end of an order from now on, so that one that comes while the row is read is not missed. */
function hear(waiting: Map<string, Set<() => void>>, id: string) {
  let resolve: () => void = () => {};
  const heard = new Promise<void>((done) => {
    resolve = done;
  });
  const ears = waiting.get(id) ?? new Set();
  waiting.set(id, ears.add(resolve));
  const timer = new AbortController();
  return {
    within: (ms: number): Promise<void> =>
      Promise.race([heard, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)]),
    forget: () => {
      timer.abort();
      ears.delete(resolve);
      if (ears.size === 0) waiting.delete(id);
    },
  };
}
