import type { HttpServer } from '../http/server.js';
import type { Platform } from '../platform.js';

type Measured = Pick<Platform, 'config' | 'database' | 'events' | 'jobs' | 'metrics'>;

/** `GET /metrics` in Prometheus' text format. Keep it from strangers at the proxy; it holds counts only. */
export function metricsRoute(server: HttpServer, platform: Measured): void {
  const { registry } = platform.metrics;
  server.get(
    '/metrics',
    { schema: { tags: ['server'], summary: "Metrics in Prometheus' text format" } },
    async (_request, reply) => {
      await measure(platform);
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
}

/** What is not counted as it happens. Where there is no pool or no Redis, nothing is said of it. */
async function measure({ config, database, events, jobs, metrics }: Measured): Promise<void> {
  const [{ queued, running, failed }, waiting] = await Promise.all([jobs.counts(), jobs.waiting()]);
  metrics.jobs.set({ state: 'queued' }, queued);
  metrics.jobs.set({ state: 'running' }, running);
  metrics.jobs.set({ state: 'failed' }, failed);
  for (const [job, n] of waiting) metrics.jobsWaiting.set({ job }, n);
  const connections = database.connections?.();
  for (const [state, n] of Object.entries(connections ?? {})) metrics.databaseConnections.set({ state }, n);
  if (config.REDIS_URL) metrics.redisConnected.set(events.healthy() ? 1 : 0);
  else metrics.redisConnected.remove();
}
