import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { S3MediaOptions } from '../../src/platform/media/s3/index.js';

const SERVER = fileURLToPath(new URL('../../../bench/load/s3.js', import.meta.url));

export interface TestS3 {
  /** What an S3 adapter needs to use the bucket. */
  readonly options: S3MediaOptions;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

/** An S3-compatible server of the caller's own on a free port, with one empty bucket. Says nothing. */
export async function startS3(): Promise<TestS3> {
  const directory = mkdtempSync(join(tmpdir(), 'earshot-s3-'));
  const server = fork(SERVER, [directory], { execArgv: [] });
  const ended = once(server, 'exit');
  const port = await Promise.race([
    once(server, 'message').then(([told]) => Number(told)),
    ended.then(([code]) => Promise.reject(new Error(`The S3 server ended with ${code}.`))),
  ]);
  return {
    options: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'earshot',
      region: 'us-east-1',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    },
    stop: async () => {
      server.disconnect();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
