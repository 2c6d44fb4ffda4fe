// @ts-check
// A process of its own: asks at a fixed rate whether or not it was answered. Latency counts from when a request was due,
// so a server that stalls cannot hide it.
import { Agent, request } from 'node:http';
import { filled, summary } from './plan.js';

process.once('disconnect', () => process.exit(1));
process.once('message', async (message) => {
  const plan = /** @type {import('./plan.js').Plan} */ (message);
  const { rate = 1, warmUpSeconds, seconds } = plan;
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections, scheduling: 'fifo' });
  /** @type {number[]} */
  const milliseconds = [];
  let failures = 0;
  let bytes = 0;
  let waiting = 0;

  /** @param {import('./plan.js').PlannedRequest} planned @param {number} due @param {boolean} counts */
  const send = ({ method, path, headers, body }, due, counts) => {
    waiting += 1;
    const done = (/** @type {boolean} */ ok) => {
      waiting -= 1;
      if (!ok) failures += 1;
      if (counts) milliseconds.push(performance.now() - due);
    };
    const payload = body === undefined ? undefined : filled(body);
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: plan.port,
        agent,
        method,
        path,
        headers:
          payload === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(payload) },
      },
      (answer) => {
        answer.on('data', (chunk) => {
          if (counts) bytes += chunk.length;
        });
        answer.once('end', () => done(answer.statusCode === plan.expect));
      },
    );
    outgoing.once('error', () => done(false));
    outgoing.end(payload);
  };

  const began = performance.now();
  const total = Math.round((warmUpSeconds + seconds) * rate);
  for (let sent = 0; sent < total; ) {
    const dueNow = Math.min(total, Math.floor(((performance.now() - began) * rate) / 1_000) + 1);
    for (; sent < dueNow; sent += 1) {
      const planned = plan.requests[sent % plan.requests.length];
      if (planned) send(planned, began + (sent * 1_000) / rate, sent >= warmUpSeconds * rate);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const patience = performance.now() + 10_000;
  while (waiting > 0 && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 5));
  failures += waiting;
  agent.destroy();
  process.send?.(summary({ milliseconds, failures, bytes, seconds }), () => process.disconnect());
});
