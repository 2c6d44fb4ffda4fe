import { createServer, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, layGround, startServer } from '../../support/servers.js';
import { call, signIn } from '../../support/speech-client.js';
import { sdkDevice } from '../../support/support-client.js';

/** Takes whatever is sent to it and keeps it as text. */
async function startCollector(): Promise<{ url: string; received: string[]; server: Server }> {
  const received: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      received.push(
        `${request.url} ${request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body}`,
      );
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, received, server };
}

describe('observability', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it("goes on with the caller's trace and names spans by route pattern", async () => {
    const collector = await startCollector();
    servers.push(collector.server);
    const ground = await layGround('SQLite and files');
    const server = await startServer(ground, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await call(`${server.url}/files/private-id`, {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    await server.stop();
    const spans = collector.received.join('\n');
    expect(spans).toContain('/v1/traces');
    expect(spans).toContain(traceId);
    expect(spans).toContain('GET /files/:fileId');
    expect(spans).not.toContain('private-id');
    await ground.remove();
  });

  it('Tracing: shows one trace from the POST of a message to its way to the sockets', async () => {
    const collector = await startCollector();
    servers.push(collector.server);
    const ground = await layGround('SQLite and files');
    const server = await startServer(ground, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      MASTER_API_KEY: 'the-master-key-of-the-tests-which-is-long',
    });
    const made = await call(`${server.url}/setup/api/apps`, {
      method: 'POST',
      headers: { 'x-master-api-key': 'the-master-key-of-the-tests-which-is-long' },
      body: { name: 'Traced' },
    });
    const device = sdkDevice(server.url, { appId: made.json.app.id, apiKey: made.json.app.api_key });
    const conversationId = await device.open();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const sent = await call(`${server.url}/v1/conversations/${conversationId}/messages`, {
      method: 'POST',
      headers: { ...device.headers, traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      body: { local_id: '2f1c1a52-65b4-4f0e-9f57-0d7a3f3c9a11', body: 'traced words', device_context: null },
    });
    expect(sent.status).toBe(200);
    await server.stop();
    const spans = collector.received
      .flatMap((request) => JSON.parse(request.slice(request.indexOf(' ') + 1)).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans: some }) => some)
      .filter((span) => span.traceId === traceId);
    const post = spans.find(({ name }) => name === 'POST /v1/conversations/:id/messages');
    const told = spans.find(({ name }) => name === 'support: tell of message');
    expect(post).toBeDefined();
    expect(told?.parentSpanId).toBe(post?.spanId);
    expect(collector.received.join('')).not.toContain('traced words');
    await ground.remove();
  });

  it('reports unexpected errors, and nothing that a caller did wrong', async () => {
    const collector = await startCollector();
    servers.push(collector.server);
    const ground = await layGround('SQLite and files');
    const server = await startServer(ground, {
      SENTRY_DSN: `${collector.url.replace('http://', 'http://public@')}/1`,
    });
    const device = await signIn(server.url);
    await device.generate('');
    server.built.platform.limits.consume = () =>
      Promise.reject(new Error('the floor gave way for sk-secretsecret'));
    expect((await device.call('/tts/files')).status).toBe(500);
    const reports = await eventually(
      async () => collector.received.join('\n'),
      (text) => text.includes('the floor gave way'),
    );
    expect(reports).not.toContain('sk-secretsecret');
    expect(reports).not.toContain(device.token);
    await server.stop();
    expect(collector.received.filter((report) => report.includes('"exception"'))).toHaveLength(1);
    await ground.remove();
  });
});
