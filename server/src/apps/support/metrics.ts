import { Counter, Gauge, type Registry } from 'prom-client';

/** The support app's part of `/metrics`. Labels are fixed words, never ids, addresses or texts. */
export interface SupportMetrics {
  /** Open sockets of this node by `namespace`: `/client`, `/admin`, `/v1/realtime`, `/admin/realtime`. */
  readonly sockets: Gauge<'namespace'>;
  /** What sockets sent us. Call it with names of the protocol only; what is unknown counts as `other`. */
  readonly eventsIn: Counter<'namespace' | 'event'>;
  /** What sockets were sent, once per socket. */
  readonly eventsOut: Counter<'namespace' | 'event'>;
  /** Messages stored, repeats not counted. */
  readonly messages: Counter<'sender'>;
  readonly pushes: Counter<'outcome'>;
  readonly webhookDeliveries: Counter<'outcome'>;
}

/** Once per process: the names are registered in the registry that `/metrics` shows. */
export function createSupportMetrics(registry: Registry): SupportMetrics {
  const registers = [registry];
  return {
    sockets: new Gauge({
      name: 'support_sockets',
      help: 'Open sockets of this node by namespace.',
      labelNames: ['namespace'],
      registers,
    }),
    eventsIn: new Counter({
      name: 'support_socket_events_received_total',
      help: 'Events that sockets sent to this node.',
      labelNames: ['namespace', 'event'],
      registers,
    }),
    eventsOut: new Counter({
      name: 'support_socket_events_sent_total',
      help: 'Events that this node sent to sockets, once per socket.',
      labelNames: ['namespace', 'event'],
      registers,
    }),
    messages: new Counter({
      name: 'support_messages_total',
      help: 'Messages stored, by who wrote them.',
      labelNames: ['sender'],
      registers,
    }),
    pushes: new Counter({
      name: 'support_pushes_total',
      help: 'Push notifications by how they ended: sent, failed, skipped.',
      labelNames: ['outcome'],
      registers,
    }),
    webhookDeliveries: new Counter({
      name: 'support_webhook_deliveries_total',
      help: 'Attempts at webhook deliveries: delivered, refused, failed (given up).',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
