import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from '../../executables.js';
import { errors } from '../../http/errors.js';
import { createSlots } from '../../slots.js';
import type { TranscriptSpan } from '../transcriber.js';
import { type RecogniserProcess, startRecogniser } from './recogniser-process.js';

/** What its acoustic model was trained on. */
export const pocketSphinxSampleRate = 16_000;
/** A second of speech takes about 0.2 s; a process that needs this long is stuck. */
const deadlineMilliseconds = (samples: number) =>
  15_000 + Math.ceil((4_000 * samples) / pocketSphinxSampleRate);
/** A process holds about 70 MB, so it is not kept for long. */
const idleMilliseconds = 60_000;
const longestQueue = 200;
/** Its frames last 10 ms. */
const framesPerSecond = 100;
const folderPrefix = 'listening-';
/** No utterance takes this long: the folder is of a process that was killed. */
const forgottenMilliseconds = 3_600_000;

/** English words by PocketSphinx, in as many processes as there are cores; they stay for the next utterance. */
export interface PocketSphinx {
  /**
   * The words of one utterance, with times from its beginning.
   *
   * @param samples mono, 16,000 a second
   */
  hear(samples: Int16Array, signal: AbortSignal): Promise<TranscriptSpan[]>;
  close(): Promise<void>;
}

/** The program that recognises file after file, when it is on the PATH. */
export const findPocketSphinx = (): string | undefined =>
  process.platform === 'win32' ? undefined : findExecutable('pocketsphinx_batch');

/** @param scratchDirectory where the utterance that is being heard is kept, for the program reads files only */
export function createPocketSphinx(program: string, scratchDirectory: string): PocketSphinx {
  const slots = createSlots(availableParallelism());
  const running = new Set<RecogniserProcess>();
  const idle: { readonly recogniser: RecogniserProcess; readonly timer: NodeJS.Timeout }[] = [];
  const closing = new AbortController();
  let swept: Promise<void> | undefined;

  const retire = async (recogniser: RecogniserProcess) => {
    running.delete(recogniser);
    await recogniser.close();
  };
  const take = async (): Promise<RecogniserProcess> => {
    for (let last = idle.pop(); last; last = idle.pop()) {
      clearTimeout(last.timer);
      if (last.recogniser.isAlive) return last.recogniser;
      await retire(last.recogniser);
    }
    swept ??= sweep(scratchDirectory);
    await swept;
    const recogniser = startRecogniser(program, await mkdtemp(join(scratchDirectory, folderPrefix)));
    running.add(recogniser);
    return recogniser;
  };
  const keep = (recogniser: RecogniserProcess) => {
    const entry = {
      recogniser,
      timer: setTimeout(() => {
        idle.splice(idle.indexOf(entry), 1);
        void retire(recogniser);
      }, idleMilliseconds),
    };
    entry.timer.unref();
    idle.push(entry);
  };

  return {
    async hear(samples, signal) {
      if (closing.signal.aborted) throw shuttingDown();
      if (slots.waiting >= longestQueue) throw busy();
      return await slots.run(async () => {
        const deadline = AbortSignal.timeout(deadlineMilliseconds(samples.length));
        const stop = AbortSignal.any([signal, deadline, closing.signal]);
        const recogniser = await take();
        try {
          const words = wordsOf(await recogniser.hear(samples, stop));
          keep(recogniser);
          return words;
        } catch (cause) {
          await retire(recogniser);
          signal.throwIfAborted();
          throw closing.signal.aborted ? shuttingDown() : failed(cause);
        }
      }, signal);
    },
    async close() {
      closing.abort();
      for (const { timer } of idle) clearTimeout(timer);
      await Promise.all([...running].map(retire));
    },
  };
}

const shuttingDown = () => errors.unavailable('The server is shutting down.');
const busy = () =>
  errors.unavailable('Too many people are speaking to this server.', { retryAfterSeconds: 10 });
const failed = (cause: unknown) =>
  errors.unavailable('The built-in recogniser failed. Is its English model (pocketsphinx-en-us) installed?', {
    cause,
  });

/** Removes what a killed process of this server left behind. */
async function sweep(scratchDirectory: string): Promise<void> {
  for (const name of await readdir(scratchDirectory)) {
    if (!name.startsWith(folderPrefix)) continue;
    const folder = join(scratchDirectory, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > forgottenMilliseconds) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Reads a line of `-hypseg`: `name S 0 T 0 A 0 L 0`, then for each word first frame, two scores and the word, then the
 * last frame. Silence, noise and the marks of other pronunciations (`the(2)`) are left out.
 */
export function wordsOf(line: string): TranscriptSpan[] {
  const fields = line.trim().split(/\s+/).slice(9);
  const words: TranscriptSpan[] = [];
  for (let index = 0; index + 4 < fields.length; index += 4) {
    const text = (fields[index + 3] ?? '').replace(/\(\d+\)$/, '');
    if (/^(<.*>|\[.*\]|\+\+.*\+\+)$/.test(text)) continue;
    words.push({
      text,
      start: Number(fields[index]) / framesPerSecond,
      end: Number(fields[index + 4]) / framesPerSecond,
    });
  }
  return words;
}
