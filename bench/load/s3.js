// @ts-check
// A process of its own: an S3-compatible server with one empty bucket.
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
const { port } = await server.run();
process.send?.(port);
