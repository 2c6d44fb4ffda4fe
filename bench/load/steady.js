// @ts-check
// A process of its own: asks at a fixed rate whether or not it was answered. Latency counts from when a request was due,
// so a server that stalls cannot hide it.
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from './connection.js';
import { filled, summary } from './plan.js';

const PATIENCE_MS = 10_000;

process.once('disconnect', () => process.exit(1));
process.once('message', async (message) => {
  const plan = /** @type {import('./plan.js').Plan} */ (message);
  const { rate = 1, warmUpSeconds, seconds } = plan;
  const idle = Array.from({ length: plan.connections }, () => openConnection(plan.port));
  const connections = [...idle];
  const requests = plan.requests.map(encoder);
  const total = Math.round((warmUpSeconds + seconds) * rate);
  const firstCounted = warmUpSeconds * rate;
  /** @type {number[]} */
  const milliseconds = [];
  let failures = 0;
  let bytes = 0;
  let sent = 0;
  let answered = 0;
  const began = performance.now();

  /** Sends what is due and not sent yet, as far as there are connections that wait for nothing. */
  const sendDue = () => {
    const due = Math.min(total, Math.floor(((performance.now() - began) * rate) / 1_000) + 1);
    while (sent < due) {
      const connection = idle.pop();
      if (!connection) return;
      const number = sent;
      sent += 1;
      connection.send(requests[number % requests.length]?.() ?? '', (status, length) => {
        answered += 1;
        if (status !== plan.expect) failures += 1;
        if (number >= firstCounted) {
          milliseconds.push(performance.now() - began - (number * 1_000) / rate);
          bytes += length;
        }
        idle.push(connection);
        sendDue();
      });
    }
  };

  const patience = began + (warmUpSeconds + seconds) * 1_000 + PATIENCE_MS;
  while (answered < total && performance.now() < patience) {
    sendDue();
    await sleep(1);
  }
  failures += total - answered;
  for (const connection of connections) connection.close();
  process.send?.(summary({ milliseconds, failures, bytes, seconds }), () => process.disconnect());
});

/** @param {import('./plan.js').PlannedRequest} planned @returns {() => string} */
function encoder({ method, path, headers, body }) {
  const head = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1'];
  for (const [name, value] of Object.entries(headers)) head.push(`${name}: ${value}`);
  return () => {
    if (body === undefined) return `${head.join('\r\n')}\r\n\r\n`;
    const payload = filled(body);
    return `${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(payload)}\r\n\r\n${payload}`;
  };
}
