// @ts-check
// A process of its own, for benchmarks and tests: an S3-compatible server with one empty bucket in the folder that is its first argument.
import { createRequire } from 'node:module';

process.once('disconnect', () => process.exit());
const S3rver = createRequire(import.meta.url)('s3rver'); // has no types
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory: process.argv[2],
  configureBuckets: [{ name: 'earshot', configs: [] }],
});
// It opens an object after it looked whether it is there, and ends with its process when somebody deleted it in between.
process.on('uncaughtException', (error) => {
  const isDeletedObject =
    'code' in error && error.code === 'ENOENT' && error.message.includes('_S3rver_object');
  if (!isDeletedObject) {
    console.error(error);
    process.exit(1);
  }
  // The request that asked for it would never be answered; its client asks again.
  server.httpServer.closeAllConnections();
});
const { port } = await server.run();
process.send?.(port);
