import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { errors } from '../../http/errors.js';
import { workerFile } from '../../worker-threads.js';
import { type SpeechSynthesizer, speechFormats } from '../speech-synthesizer.js';
import type { SpeechTask } from './speech-worker.js';

/** About two minutes of speech: short enough to show progress and to share the threads fairly. */
const charactersPerCall = 2_000;
/** A text of that length takes a few seconds; a thread that needs this long is stuck. */
const deadlineMilliseconds = 5 * 60_000;
/** A thread holds tens of megabytes, so it is not kept for long. */
const idleMilliseconds = 10_000;

/**
 * Speech by Flite, offline, in worker threads that start when needed and end when idle. English only; `model` and
 * `instructions` have no meaning here. An aborted call ends its thread at once.
 */
export function createBuiltinSpeechSynthesizer(): SpeechSynthesizer {
  let threads: Piscina<SpeechTask, Uint8Array> | undefined;
  let closed = false;
  const closing = () => errors.unavailable('The server is shutting down.');
  return {
    engine: 'builtin',
    formats: speechFormats,
    charactersPerCall,
    async synthesize({ text, voice, format, speed }, { signal } = {}) {
      signal?.throwIfAborted();
      if (closed) throw closing();
      threads ??= new Piscina<SpeechTask, Uint8Array>({
        filename: workerFile(import.meta.url, './speech-worker.js'),
        minThreads: 0,
        maxThreads: availableParallelism(),
        idleTimeout: idleMilliseconds,
      });
      const deadline = AbortSignal.timeout(deadlineMilliseconds);
      const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
      try {
        return await threads.run({ text, voice, format, speed }, { signal: either });
      } catch (cause) {
        signal?.throwIfAborted();
        if (closed) throw closing();
        throw errors.unavailable(
          deadline.aborted
            ? 'The built-in voice took too long over this text.'
            : 'The built-in voice failed on this text. Please try again.',
          { cause },
        );
      }
    },
    async close() {
      closed = true;
      await threads?.destroy();
    },
  };
}
