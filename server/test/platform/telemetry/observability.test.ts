import { createServer, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, layGround, startServer } from '../../support/servers.js';
import { call, signIn } from '../../support/speech-client.js';

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

  it('reports unexpected errors, and nothing that a caller did wrong', async () => {
    const collector = await startCollector();
    servers.push(collector.server);
    const ground = await layGround('SQLite and files');
    const server = await startServer(ground, {
      SENTRY_DSN: `${collector.url.replace('http://', 'http://public@')}/1`,
    });
    const device = await signIn(server.url);
    await device.generate('');
    server.built.platform.users.exists = () =>
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
