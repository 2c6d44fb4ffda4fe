import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { type AppError, errors } from '../../http/errors.js';
import { workerFile } from '../../worker-threads.js';
import type { Heard, LiveHearing } from '../utterances.js';
import type { InstalledModel } from './models.js';
import type { RecogniserCommand, RecogniserReport } from './recogniser-child.js';

/**
 * A model in a process of its own, because the native library ends the process when it does not like a file. It starts
 * with the first utterance and stays, as loading takes seconds.
 */
export interface Recogniser {
  open(sampleRate: number, onPartial: (text: string) => void): LiveHearing;
  close(): Promise<void>;
}

interface Waiting {
  readonly onPartial: (text: string) => void;
  readonly resolve: (heard: Heard) => void;
  readonly reject: (error: AppError) => void;
}

export function createRecogniser({ model, folder }: InstalledModel): Recogniser {
  let child: ChildProcess | undefined;
  let utterances = 0;
  const waiting = new Map<number, Waiting>();

  const failAll = (cause: unknown) => {
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(failed(cause));
  };
  const receive = (report: RecogniserReport) => {
    const listener = waiting.get(report.id);
    if (report.kind === 'partial') return listener?.onPartial(report.text);
    waiting.delete(report.id);
    const { text, language } = report;
    listener?.resolve({ text, ...(language ? { language } : {}) });
  };
  const started = (): ChildProcess => {
    if (child) return child;
    const fresh = fork(workerFile(import.meta.url, './recogniser-child.js'), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    const ended = (cause: Error) => {
      if (child && child !== fresh) return; // Its successor has its own listeners.
      child = undefined;
      failAll(cause);
    };
    fresh.on('message', receive);
    fresh.on('error', ended);
    fresh.on('exit', (code, signal) =>
      ended(new Error(`The recogniser's process ended with ${signal ?? code}.`)),
    );
    child = fresh;
    tell(fresh, { kind: 'load', model, folder, threads: Math.min(4, availableParallelism()) });
    return fresh;
  };

  return {
    open(sampleRate, onPartial) {
      utterances += 1;
      const id = utterances;
      const heard = new Promise<Heard>((resolve, reject) => waiting.set(id, { onPartial, resolve, reject }));
      heard.catch(() => {}); // Whoever calls `finish` hears of it; an utterance that is cancelled has nobody.
      const own = started();
      tell(own, { kind: 'open', id });
      return {
        write: (samples) => {
          if (waiting.has(id)) tell(own, { kind: 'write', id, samples, sampleRate });
        },
        finish: () => {
          if (waiting.has(id)) tell(own, { kind: 'finish', id });
          return heard;
        },
        cancel: () => {
          if (waiting.delete(id)) tell(own, { kind: 'cancel', id });
        },
      };
    },
    async close() {
      const running = child;
      child = undefined;
      if (!running) return;
      const exit = once(running, 'exit');
      running.kill('SIGKILL');
      await exit;
    },
  };
}

/** A process that has just ended is told nothing; everybody who waits for it hears of its end. */
function tell(child: ChildProcess, command: RecogniserCommand): void {
  if (child.connected) child.send(command, () => {});
}

const failed = (cause: unknown) =>
  errors.unavailable('The local speech model failed. `earshot doctor` says whether it can be loaded.', {
    cause,
  });
