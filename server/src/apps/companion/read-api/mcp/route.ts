import type { HttpServer } from '../../../../platform/http/server.js';
import { callerOf } from '../../../../platform/identity/caller.js';
import type { Platform } from '../../../../platform/platform.js';
import type { RouteHooks } from '../../route-hooks.js';
import type { Notes } from '../notes.js';
import { toolsFor } from './tools.js';

/**
 * The same notes for assistants, by the Model Context Protocol over streamable HTTP at `/v1/mcp`. Stateless: every request
 * stands for itself and may come to any node, so there are no streams to listen to and no sessions to end.
 */
export function mcpRoute(
  server: HttpServer,
  { log }: Pick<Platform, 'log'>,
  notes: Notes,
  hooks: RouteHooks,
): void {
  const tools = toolsFor(notes);
  server.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/v1/mcp',
    ...hooks.authenticated,
    schema: { tags: ['companion: by key'], summary: 'Model Context Protocol' },
    handler: async (request, reply) => {
      if (request.method !== 'POST') {
        return reply
          .code(405)
          .header('allow', 'POST')
          .send({
            jsonrpc: '2.0',
            error: { code: -32_000, message: 'This server keeps no sessions: send requests by POST.' },
            id: null,
          });
      }
      // The SDK takes a fifth of a second to load, which no start has to wait for.
      const [{ WebStandardStreamableHTTPServerTransport }, { createMcpServer }] = await Promise.all([
        import('@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'),
        import('./server.js'),
      ]);
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      const protocol = createMcpServer(tools, callerOf(request).userId, log);
      try {
        await protocol.connect(transport);
        const answer = await transport.handleRequest(
          new Request('http://localhost/v1/mcp', { method: 'POST', headers: headersOf(request.headers) }),
          { parsedBody: request.body },
        );
        const body = await answer.text();
        for (const [name, value] of answer.headers) reply.header(name, value);
        return await reply.code(answer.status).send(body === '' ? undefined : JSON.parse(body));
      } finally {
        await protocol.close();
      }
    },
  });
}

const headersOf = (headers: Readonly<Record<string, string | string[] | undefined>>): Headers => {
  const copied = new Headers();
  for (const name of ['accept', 'content-type', 'mcp-protocol-version', 'mcp-session-id']) {
    const value = headers[name];
    if (typeof value === 'string') copied.set(name, value);
  }
  return copied;
};
