import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './servers.js';
import { freePort } from './services.js';

/** Hash slots of every Redis cluster. */
const SLOTS = 16_384;
const NODES = 3;

export interface RedisCluster {
  /** All nodes, comma-separated, as `REDIS_URL` takes them. */
  readonly url: string;
  readonly ports: readonly number[];
  /** Ends one node, as a crash would. */
  kill(node: number): Promise<void>;
  stop(): Promise<void>;
}

/** Whether this machine can run a cluster; says aloud when it cannot. */
export function canRunRedisCluster(suite: string): boolean {
  try {
    const [, major] = /v=(\d+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' })) ?? [];
    if (Number(major) >= 7) return true;
  } catch {
    // Not installed.
  }
  console.warn(`SKIPPED ALOUD: ${suite} on a Redis cluster, because there is no redis-server 7 or newer.`);
  return false;
}

/** Starts three masters that share the slots, on free ports of the loopback address. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-redis-cluster-'));
  const servers: { port: number; bus: number; process: ChildProcess }[] = [];
  for (let n = 0; n < NODES; n += 1) servers.push(await startNode(folder, n));
  const clients = servers.map(({ port }) => new Redis(port, '127.0.0.1'));
  const share = Math.ceil(SLOTS / NODES);
  for (const [n, client] of clients.entries()) {
    const last = Math.min(SLOTS, (n + 1) * share) - 1;
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(n + 1));
    await client.call('CLUSTER', 'ADDSLOTSRANGE', String(n * share), String(last));
  }
  for (const { port, bus } of servers.slice(1)) {
    await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(bus));
  }
  for (const client of clients) {
    await eventually(
      () => client.call('CLUSTER', 'INFO') as Promise<string>,
      (info) => info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`),
    );
    client.disconnect();
  }
  const end = async (node: number): Promise<void> => {
    const child = servers[node]?.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  return {
    url: servers.map(({ port }) => `redis://127.0.0.1:${port}`).join(','),
    ports: servers.map(({ port }) => port),
    kill: end,
    stop: async () => {
      for (let n = 0; n < NODES; n += 1) await end(n);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startNode(folder: string, n: number) {
  const [port, bus] = [await freePort(), await freePort()];
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    'cluster-enabled': 'yes',
    'cluster-port': String(bus),
    'cluster-config-file': `nodes-${n}.conf`,
    'cluster-node-timeout': '2000',
    // The other shards go on while one is away.
    'cluster-require-full-coverage': 'no',
  };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  process.once('exit', () => child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('a node of the Redis cluster ended while starting')));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept connections')) resolve();
    });
  });
  return { port, bus, process: child };
}
