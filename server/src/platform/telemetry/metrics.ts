import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Bucket bounds in seconds: from a cached read to a request that a proxy would give up on. */
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What `/metrics` shows. Labels are route patterns and statuses, never ids, keys or texts. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly jobs: Gauge<'state'>;
  /** The depth of each queue. */
  readonly jobsWaiting: Gauge<'job'>;
  readonly databaseConnections: Gauge<'state'>;
  /** 1 while other nodes can be told and heard, which is to say while Redis is there. */
  readonly redisConnected: Gauge;
  readonly speechFiles: Counter<'engine' | 'outcome'>;
  readonly speechCharacters: Counter<'engine'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request line to the last byte of the answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: REQUEST_SECONDS,
      registers: [registry],
    }),
    jobs: new Gauge({
      name: 'jobs',
      help: 'Background jobs by state.',
      labelNames: ['state'],
      registers: [registry],
    }),
    jobsWaiting: new Gauge({
      name: 'jobs_waiting',
      help: 'Background jobs that wait, by kind.',
      labelNames: ['job'],
      registers: [registry],
    }),
    databaseConnections: new Gauge({
      name: 'database_connections',
      help: 'Connections of the PostgreSQL pool: open, idle, and requests that wait for one.',
      labelNames: ['state'],
      registers: [registry],
    }),
    redisConnected: new Gauge({
      name: 'redis_connected',
      help: '1 while Redis can be reached, 0 while this node goes on without it.',
      registers: [registry],
    }),
    speechFiles: new Counter({
      name: 'speech_files_total',
      help: 'Speech files generated, by engine and outcome.',
      labelNames: ['engine', 'outcome'],
      registers: [registry],
    }),
    speechCharacters: new Counter({
      name: 'speech_characters_total',
      help: 'Characters turned into speech.',
      labelNames: ['engine'],
      registers: [registry],
    }),
  };
}
