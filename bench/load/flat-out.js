// @ts-check
// A process of its own: every connection asks again as soon as it was answered (autocannon).
import autocannon from 'autocannon';
import { filled, summary } from './plan.js';

process.once('disconnect', () => process.exit(1));
process.once('message', (message) => {
  const plan = /** @type {import('./plan.js').Plan} */ (message);
  const { requests, warmUpSeconds, seconds } = plan;
  /** @type {number[]} */
  const milliseconds = [];
  let failures = 0;
  let bytes = 0;
  let client = 0;
  const from = performance.now() + warmUpSeconds * 1_000;
  const until = from + seconds * 1_000;
  const load = autocannon(
    {
      url: `http://127.0.0.1:${plan.port}`,
      connections: plan.connections,
      duration: warmUpSeconds + seconds,
      setupClient: (connection) => {
        const request = requests[client++ % requests.length];
        if (!request) throw new Error('A plan needs requests.');
        const { body } = request;
        // autocannon turns every body into text, which costs it more than sending it costs the server
        if ('pipelinedRequests' in connection)
          Object.assign(connection.pipelinedRequests ?? {}, { addBody() {} });
        connection.setRequests([
          body?.includes('{{sequence}}')
            ? { ...request, setupRequest: (sent) => ({ ...sent, body: filled(body) }) }
            : request,
        ]);
      },
    },
    (error, result) => {
      if (error) throw error;
      failures += result.errors;
      if (milliseconds.length === 0) failures += plan.connections; // nobody was answered at all
      process.send?.(summary({ milliseconds, failures, bytes, seconds }), () => process.disconnect());
    },
  );
  load.on('response', (_client, status, length, took) => {
    if (status !== plan.expect) failures += 1;
    const now = performance.now();
    if (now < from || now > until) return;
    milliseconds.push(took);
    bytes += length;
  });
});
