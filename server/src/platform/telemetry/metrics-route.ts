import type { HttpServer } from '../http/server.js';
import type { Jobs } from '../jobs/jobs.js';
import type { Metrics } from './metrics.js';

/** `GET /metrics` in Prometheus' text format. Keep it from strangers at the proxy; it holds counts only. */
export function metricsRoute(server: HttpServer, metrics: Metrics, jobs: Jobs): void {
  server.get(
    '/metrics',
    { schema: { tags: ['server'], summary: "Metrics in Prometheus' text format" } },
    async (_request, reply) => {
      const { queued, running, failed } = await jobs.counts();
      metrics.jobs.set({ state: 'queued' }, queued);
      metrics.jobs.set({ state: 'running' }, running);
      metrics.jobs.set({ state: 'failed' }, failed);
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    },
  );
}
