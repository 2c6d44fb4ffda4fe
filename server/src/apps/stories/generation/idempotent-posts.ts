import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Transaction, withTables } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { IdempotentAnswerRow, StoriesTables } from '../tables.js';
import { idempotencyKeyOf } from './answer.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For POSTs that a durable order answers: the order knows the request's `Idempotency-Key` itself. */
    ordered?: boolean | ((body: Readonly<Record<string, unknown>>) => boolean);
  }
  interface FastifyRequest {
    /** With an `Idempotency-Key`: the id of the row that this request makes, the same when it is sent again. */
    newRowId?: string;
  }
}

/** A request that runs says so this often, and counts as dead after a few silences. */
const SIGN_OF_LIFE_MS = 5_000;
const DEAD_AFTER_MS = 20_000;
/** How long a repetition waits for the first request's answer. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 100;
/** Pictures of upstreams fit in, as base64. Longer answers are not kept: their repetition is made anew. */
const LONGEST_ANSWER = 4 << 20;

interface Claim {
  readonly userId: string;
  readonly key: string;
}

/**
 * `Idempotency-Key` on every POST of the app (contract §1.2): the answer of a request that succeeded is given again for a
 * day, and two requests at the same time become one. Failures are not remembered. What a crash left without an answer is
 * done again after some seconds, and then finds by `newRowId` what it had made already.
 */
export function createIdempotentPosts({
  clock,
  database,
  log,
}: Pick<Platform, 'clock' | 'database' | 'log'>) {
  const running = new Map<FastifyRequest, Claim>();
  const row = (tx: Transaction, { userId, key }: Claim) =>
    withTables<StoriesTables>(tx)
      .updateTable('stories_idempotent_answers')
      .where('user_id', '=', userId)
      .where('key', '=', key);

  const signsOfLife = setInterval(() => {
    if (running.size === 0) return;
    database
      .transaction(async (tx) => {
        for (const claim of running.values())
          await row(tx, claim).where('status', 'is', null).set({ created_at: clock.now() }).execute();
      })
      .catch((error: unknown) => log.warn({ err: error }, 'running requests could not be marked as alive'));
  }, SIGN_OF_LIFE_MS);
  signsOfLife.unref();

  /** Takes the key for a request. @returns the id for what it makes, or the row of another request that has the key */
  const take = ({ userId, key }: Claim, hash: string): Promise<string | IdempotentAnswerRow> =>
    database.transaction(async (tx) => {
      const now = clock.now();
      const stories = withTables<StoriesTables>(tx);
      const taken = await stories
        .insertInto('stories_idempotent_answers')
        .values({
          user_id: userId,
          key,
          request_hash: hash,
          row_id: uuidV7(now),
          status: null,
          body: null,
          created_at: now,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['user_id', 'key'])
            .doUpdateSet({ created_at: now })
            .where('stories_idempotent_answers.request_hash', '=', hash)
            .where('stories_idempotent_answers.status', 'is', null)
            .where('stories_idempotent_answers.created_at', '<=', now - DEAD_AFTER_MS),
        )
        .returning('row_id')
        .executeTakeFirst();
      if (taken) return taken.row_id;
      return stories
        .selectFrom('stories_idempotent_answers')
        .selectAll()
        .where('user_id', '=', userId)
        .where('key', '=', key)
        .executeTakeFirstOrThrow();
    });

  const preHandler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (request.method !== 'POST' || !request.caller || isOrdered(request)) return;
    const key = idempotencyKeyOf(request);
    if (key === null) return;
    const claim = { userId: request.caller.userId, key };
    const hash = hashOf(request);
    for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
      const first = await take(claim, hash);
      if (typeof first === 'string') {
        running.set(request, claim);
        request.newRowId = first;
        return;
      }
      if (first.request_hash !== hash) {
        throw errors.conflict('This Idempotency-Key was used for something else.', {
          field: 'Idempotency-Key',
        });
      }
      if (first.status !== null) {
        return reply
          .code(first.status)
          .headers({ 'content-type': 'application/json; charset=utf-8', 'idempotent-replayed': 'true' })
          .serializer((body: string) => body)
          .send(first.body ?? '');
      }
      if (waited >= PATIENCE_MS) {
        throw errors.conflict('The first request with this Idempotency-Key is still running.', {
          retryAfterSeconds: 5,
        });
      }
      await sleep(LOOK_AGAIN_MS);
    }
  };

  const onSend = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const claim = running.get(request);
    if (!claim) return payload;
    const kept = reply.statusCode < 300 && typeof payload === 'string' && payload.length <= LONGEST_ANSWER;
    await database.transaction(async (tx) => {
      if (kept) await row(tx, claim).set({ status: reply.statusCode, body: payload }).execute();
      else
        await withTables<StoriesTables>(tx)
          .deleteFrom('stories_idempotent_answers')
          .where('user_id', '=', claim.userId)
          .where('key', '=', claim.key)
          .execute();
    });
    running.delete(request);
    return payload;
  };

  return {
    /** Adds it to a scope, before its routes and behind its authentication. */
    addTo: (scope: HttpServer): void => {
      scope.addHook('preHandler', preHandler);
      scope.addHook('onSend', onSend);
      scope.addHook('onResponse', async (request) => {
        running.delete(request);
      });
    },
    close: (): void => clearInterval(signsOfLife),
  };
}

function isOrdered({ routeOptions, body }: FastifyRequest): boolean {
  const ordered = routeOptions.config.ordered ?? false;
  return typeof ordered === 'function' ? ordered((body ?? {}) as Record<string, unknown>) : ordered;
}

/** What was asked: the path without its optional version, and the body. */
const hashOf = ({ url, body }: FastifyRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([url.replace(/^\/api\/v1\//, '/api/'), body ?? null]))
    .digest('base64url');
