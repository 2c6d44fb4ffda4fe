// @ts-check
// A process of its own: Fastify with one route and nothing around it, the ceiling of this machine.
import Fastify from 'fastify';

process.once('disconnect', () => process.exit());
const server = Fastify();
server.get(
  '/health',
  {
    schema: {
      response: {
        200: { type: 'object', properties: { status: { type: 'string' }, timestamp: { type: 'string' } } },
      },
    },
  },
  async () => ({ status: 'ok', timestamp: new Date().toISOString() }),
);
await server.listen({ host: '127.0.0.1', port: 0 });
const address = server.server.address();
process.send?.(typeof address === 'object' ? address?.port : address);
