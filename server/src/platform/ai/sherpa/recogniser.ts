import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type AppError, errors } from '../../http/errors.js';
import { workerFile } from '../../worker-threads.js';
import type { Heard, LiveHearing } from '../utterances.js';
import type { InstalledModel } from './models.js';
import type { RecogniserCommand, RecogniserData, RecogniserReport } from './recogniser-worker.js';

/** A model in a thread of its own; the thread starts with the first utterance and stays, as loading takes seconds. */
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
  let worker: Worker | undefined;
  let utterances = 0;
  const waiting = new Map<number, Waiting>();

  const failAll = (cause: unknown) => {
    worker = undefined;
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(failed(cause));
  };
  const receive = (report: RecogniserReport) => {
    const listener = waiting.get(report.id);
    if (report.kind === 'partial') listener?.onPartial(report.text);
    else {
      waiting.delete(report.id);
      if (report.kind === 'failed') listener?.reject(failed(report.reason));
      else {
        const { text, language } = report;
        listener?.resolve({ text, ...(language ? { language } : {}) });
      }
    }
  };
  const started = (): Worker => {
    if (worker) return worker;
    const workerData: RecogniserData = { model, folder, threads: Math.min(4, availableParallelism()) };
    const fresh = new Worker(workerFile(import.meta.url, './recogniser-worker.js'), { workerData });
    fresh.unref();
    fresh.on('message', receive);
    fresh.on('error', failAll);
    fresh.on('exit', (code) => {
      if (worker === fresh) failAll(new Error(`The recogniser's thread ended with ${code}.`));
    });
    worker = fresh;
    return fresh;
  };

  return {
    open(sampleRate, onPartial) {
      utterances += 1;
      const id = utterances;
      const heard = new Promise<Heard>((resolve, reject) => waiting.set(id, { onPartial, resolve, reject }));
      heard.catch(() => {}); // Whoever calls `finish` hears of it; an utterance that is cancelled has nobody.
      const tell = (command: RecogniserCommand) => started().postMessage(command);
      tell({ kind: 'open', id });
      return {
        write: (samples) => {
          if (waiting.has(id))
            tell({
              kind: 'write',
              id,
              samples: Float32Array.from(samples, (sample) => sample / 32_768),
              sampleRate,
            });
        },
        finish: () => {
          if (waiting.has(id)) tell({ kind: 'finish', id });
          return heard;
        },
        cancel: () => {
          if (waiting.delete(id)) tell({ kind: 'cancel', id });
        },
      };
    },
    async close() {
      const running = worker;
      failAll(new Error('closed'));
      await running?.terminate();
    },
  };
}

const failed = (cause: unknown) =>
  errors.unavailable('The local speech model failed. `earshot doctor` says whether it can be loaded.', {
    cause,
  });
