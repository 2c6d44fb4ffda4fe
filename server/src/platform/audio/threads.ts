import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { errors } from '../http/errors.js';
import { workerFile } from '../worker-threads.js';
import type { AudioResult, AudioTask } from './audio-worker.js';

let pool: Piscina<AudioTask, AudioResult> | undefined;

/** Runs a task on an audio thread. Threads start when needed and end after five idle seconds. */
export async function onAudioThread(task: AudioTask): Promise<number> {
  pool ??= new Piscina<AudioTask, AudioResult>({
    filename: workerFile(import.meta.url, './audio-worker.js'),
    minThreads: 0,
    maxThreads: availableParallelism(),
    idleTimeout: 5_000,
  });
  const result = await pool.run(task);
  if ('unusable' in result) throw errors.upstreamFailed(result.unusable);
  return result.seconds;
}
