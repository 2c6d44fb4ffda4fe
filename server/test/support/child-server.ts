import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_LIMIT_MS = 60_000;
const LISTENING = /listening on (http\S+?)"/;

/** The built server as a process of its own, so that it can be killed. */
export interface ChildServer {
  readonly url: string;
  readonly pid: number;
  /** From spawning the process until it accepted requests. */
  readonly startedInMs: number;
  /** Everything it has written so far. */
  output(): string;
  /** Ends it and waits until it is gone; returns its exit code, null after a signal that it could not handle. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** Settings of the machine that must not leak into a server under test. */
const AMBIENT = [
  'DATABASE_URL',
  'DATABASE_READ_URL',
  'REDIS_URL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'APPS',
  'SERVER_SECRET',
  'JWT_SECRET',
];

/** Whatever becomes of a test, its servers go with it. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts `earshot serve` from the last build.
 *
 * @param built the build's `main.js`, when another one is meant
 */
export async function startChildServer(
  environment: Readonly<Record<string, string>>,
  built = main,
): Promise<ChildServer> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !AMBIENT.includes(name)),
  );
  const began = performance.now();
  const child = spawn(process.execPath, [built, 'serve'], {
    env: { ...inherited, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server did not start:\n${output}`));
    }, START_LIMIT_MS);
    let isListening = false;
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (isListening) return;
      const found = LISTENING.exec(output)?.[1];
      if (!found) return;
      isListening = true;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The server ended with ${code}:\n${output}`));
    });
  });
  return {
    url,
    pid: child.pid ?? 0,
    startedInMs: performance.now() - began,
    output: () => output,
    end: (signal) => endOf(child, signal),
  };
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}
