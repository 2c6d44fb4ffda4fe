import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/servers.js';

const example = new URL('../../../deploy/nginx.conf', import.meta.url);

export interface Balancer {
  /** What nginx has complained about so far. */
  complaints(): string;
  stop(): Promise<void>;
}

export interface BalancerOptions {
  readonly nodePorts: readonly number[];
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly certFile: string;
  readonly keyFile: string;
}

/** A free port that the system gives to no outgoing connection, so that a node finds it free again when it comes back. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + randomInt(10_000);
    if (!(await accepts(port))) return port;
  }
}

/** Whether this machine has nginx; says aloud when it has not. */
export function canRunNginx(suite: string): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`SKIPPED ALOUD: ${suite}, because nginx is not on the PATH.`);
    return false;
  }
}

/** Debian's nginx with deploy/nginx.conf itself: only ports, nodes and the certificate's files are others. */
export async function startBalancer(options: BalancerOptions): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-nginx-'));
  // As root, nginx works as another user, who must be able to enter the folder.
  chmodSync(folder, 0o755);
  const file = (name: string) => join(folder, name);
  mkdirSync(file('temp'));
  writeFileSync(file('earshot.conf'), render(options));
  writeFileSync(
    file('nginx.conf'),
    `daemon off; pid ${file('pid')}; worker_processes 1; events { worker_connections 1024; }
     http {
       access_log off;
       ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${file(`temp/${kind}`)};`).join(' ')}
       include ${file('earshot.conf')};
     }`,
  );
  const nginx = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', file('nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // Not by force, which would leave its workers behind.
  const endWithUs = () => void nginx.kill('SIGTERM');
  process.once('exit', endWithUs);
  let complaints = '';
  nginx.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  await eventually(
    async () => {
      if (nginx.exitCode !== null) throw new Error(`nginx ended with ${nginx.exitCode}:\n${complaints}`);
      return accepts(options.httpsPort);
    },
    (isReady) => isReady,
    30_000,
  );
  return {
    complaints: () => complaints,
    stop: async () => {
      process.off('exit', endWithUs);
      await ended(nginx);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function render({ nodePorts, httpPort, httpsPort, certFile, keyFile }: BalancerOptions): string {
  const [, node = '', settings = ''] = /^( +server )127\.0\.0\.1:3000( .*;)$/m.exec(read()) ?? [];
  const nodes = nodePorts.map((port) => `${node}127.0.0.1:${port}${settings}`).join('\n');
  const others: readonly [string, string][] = [
    [`${node}127.0.0.1:3000${settings}`, nodes],
    ['listen 80;', `listen 127.0.0.1:${httpPort};`],
    ['listen 443 ssl', `listen 127.0.0.1:${httpsPort} ssl`],
    ['/etc/letsencrypt/live/earshot.example.com/fullchain.pem', certFile],
    ['/etc/letsencrypt/live/earshot.example.com/privkey.pem', keyFile],
  ];
  return others.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`deploy/nginx.conf must have once: ${from}`);
    return text.replace(from, to);
  }, read());
}

const read = (): string => readFileSync(example, 'utf8');

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1');
    probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
