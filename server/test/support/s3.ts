import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3MediaOptions } from '../../src/platform/media/s3/index.js';

interface S3Server {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

export interface TestS3 {
  /** What an S3 adapter needs to use the bucket. */
  readonly options: S3MediaOptions;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

/** An S3-compatible server of the caller's own on a free port, with one empty bucket. Says nothing. */
export async function startS3(): Promise<TestS3> {
  // The package has no types.
  const Server = createRequire(import.meta.url)('s3rver') as new (options: object) => S3Server;
  const directory = mkdtempSync(join(tmpdir(), 'earshot-s3-'));
  const server = new Server({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'earshot', configs: [] }],
  });
  const { port } = await server.run();
  return {
    options: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'earshot',
      region: 'us-east-1',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    },
    stop: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
