import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bytesOf } from '../../audio/pcm.js';

/** One running `pocketsphinx_batch` that recognises file after file. */
export interface RecogniserProcess {
  readonly isAlive: boolean;
  /**
   * @param samples mono, 16,000 a second
   * @returns its line about them, as `-hypseg` writes it
   * @throws Error when the process ends before, also because of the signal, which kills it
   */
  hear(samples: Int16Array, signal: AbortSignal): Promise<string>;
  /** Ends the process and removes its folder. */
  close(): Promise<void>;
}

/**
 * @param folder of its own, for the utterance that it hears: it reads files only
 */
export function startRecogniser(program: string, folder: string): RecogniserProcess {
  const settings = `-adcin yes -adchdr 0 -cepdir ${folder} -cepext .raw -ctl /dev/stdin -hypseg /dev/stdout -logfn /dev/null`;
  // It opens its input and output by name, which works with the shell's pipes but not with Node's, which are sockets.
  const child = spawn('/bin/sh', ['-c', 'cat | nice -n 5 "$0" "$@" | cat', program, ...settings.split(' ')], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Of our own variables, secrets among them, it needs this one.
    env: { PATH: process.env.PATH ?? '' },
    // A group of its own, so that all three can be killed.
    detached: true,
  });
  let isAlive = true;
  let utterances = 0;
  let answer: { readonly name: string; readonly resolve: (line: string) => void } | undefined;
  const ended = new Promise<never>((_, reject) => {
    const end = (cause?: Error) => {
      isAlive = false;
      reject(new Error('The recogniser ended.', { cause }));
    };
    child.once('error', end);
    child.once('exit', () => end());
  });
  ended.catch(() => {}); // Heard by whoever waits for an answer; between two utterances by nobody.
  child.stdin.on('error', () => {}); // The same: it has ended.
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (answer && line.startsWith(`${answer.name} `)) answer.resolve(line);
  });
  const kill = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    isAlive = false;
    process.kill(-child.pid, 'SIGKILL');
  };
  return {
    get isAlive() {
      return isAlive;
    },
    async hear(samples, signal) {
      utterances += 1;
      const name = `utterance-${utterances}`;
      const file = join(folder, `${name}.raw`);
      signal.addEventListener('abort', kill, { once: true });
      try {
        await writeFile(file, bytesOf(samples), { mode: 0o600 });
        signal.throwIfAborted();
        const line = new Promise<string>((resolve) => {
          answer = { name, resolve };
        });
        child.stdin.write(`${name}\n`);
        return await Promise.race([line, ended]);
      } finally {
        answer = undefined;
        signal.removeEventListener('abort', kill);
        await rm(file, { force: true });
      }
    },
    async close() {
      const exit = once(child, 'exit');
      const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
      kill();
      if (isRunning) await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
