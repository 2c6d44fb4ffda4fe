import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { errors } from '../../platform/http/errors.js';
import type { HttpServer } from '../../platform/http/server.js';
import { isoInstant } from '../../platform/http/timestamps.js';
import { callerOf } from '../../platform/identity/caller.js';
import { requireCaller } from '../../platform/identity/require-caller.js';
import type { Platform } from '../../platform/platform.js';
import { ErrorsAnswer, JobParams, JobsAnswer, StorageAnswer } from './schemas.js';
import type { Operations } from './service.js';

const tags = ['operator'];
const SHOWN_FAILURES = 50;

/** `/api/operator`: the server itself, for the accounts that were named its operators on its machine. */
export function operatorRoutes(server: HttpServer, platform: Platform, operations: Operations): void {
  const { jobs, log, serverOperators } = platform;

  const requireOperator = async (request: FastifyRequest): Promise<void> => {
    const { via, userId } = callerOf(request);
    // Asked each time: who was an operator a moment ago may be none now.
    if (via !== 'account-session' || !(await serverOperators.has(userId)))
      throw errors.forbidden('Only operators of this server may do this.');
  };
  const operated = { onRequest: [requireCaller(platform), requireOperator] };

  server.get(
    '/api/operator/jobs',
    {
      ...operated,
      schema: { tags, summary: 'The queue and what failed in it', response: { 200: JobsAnswer } },
    },
    async () => {
      const [counts, waiting, failed] = await Promise.all([
        jobs.counts(),
        jobs.waiting(),
        jobs.failed(SHOWN_FAILURES),
      ]);
      return {
        ...counts,
        kinds: [...waiting].map(([name, count]) => ({ name, waiting: count })),
        failures: failed.map(({ id, name, reason, attempts, failedAt, canRetry }) => ({
          id,
          name,
          reason,
          attempts,
          failed_at: isoInstant(failedAt),
          can_retry: canRetry,
        })),
      };
    },
  );

  server.post(
    '/api/operator/jobs/:id/retry',
    {
      ...operated,
      schema: {
        tags,
        summary: 'Run a failed job again',
        params: JobParams,
        response: { 204: Type.Null({ description: 'It waits for its turn.' }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await jobs.retry(id))) throw errors.notFound('There is no failed job that could be run again.');
      log.info({ job: id, operator: callerOf(request).userId }, 'a failed job is run again');
      return reply.code(204).send(null);
    },
  );

  server.get(
    '/api/operator/storage',
    {
      ...operated,
      schema: { tags, summary: 'What is stored, and the room for more', response: { 200: StorageAnswer } },
    },
    async () => {
      const { database, media, disk, lastBackupAt } = await operations.storage();
      return {
        database,
        media: { ...media, is_complete: media.isComplete },
        disk: { bytes: disk.bytes, free_bytes: disk.freeBytes },
        last_backup_at: lastBackupAt === null ? null : isoInstant(lastBackupAt),
      };
    },
  );

  server.get(
    '/api/operator/errors',
    {
      ...operated,
      schema: { tags, summary: 'The newest errors of the log', response: { 200: ErrorsAnswer } },
    },
    async () => ({
      errors: operations.errors().map(({ requestId, ...error }) => ({ ...error, request_id: requestId })),
    }),
  );
}
