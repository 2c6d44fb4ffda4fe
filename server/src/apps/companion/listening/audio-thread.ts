import { Worker } from 'node:worker_threads';
import type { Clock } from '../../../platform/clock.js';
import { type AppError, errors } from '../../../platform/http/errors.js';
import { workerFile } from '../../../platform/worker-threads.js';
import type { AudioOrder, AudioReport, LeftSound } from './audio-messages.js';
import { clockRecord, journalRecord, recordKinds } from './journal/records.js';
import { type Coding, type SoundClock, soundRate } from './sound.js';

/** Messages of all streams go to the thread together, so often. */
const flushMilliseconds = 50;
/** A device that sends nothing for this long has stopped sending. */
const pauseMilliseconds = 1_000;
/** Of one stream, on the disk: hours of Opus that nobody could listen to meanwhile. */
const longestJournal = 256 << 20;

export interface AudioListener {
  /** Sound at {@link soundRate}, after it was journaled; `clock` in places (samples) of the stream. */
  sound(samples: Int16Array, clock: SoundClock): void;
  /** After `end()`: all sound has been told. */
  ended(): void;
  /** The stream is over: the disk is full, or the thread broke down. Its folder may be there. */
  failed(error: AppError): void;
}

/** One stream's way to the thread. */
export interface AudioIntake {
  /** A message as it was received. */
  take(message: Uint8Array): void;
  hold(isHeld: boolean): void;
  forget(beforeSeconds: number): void;
  end(): void;
  close(): void;
}

/** The thread that journals and decodes all live audio of this node. It starts with the first stream. */
export interface AudioThread {
  open(
    stream: { readonly id: string; readonly folder: string; readonly coding: Coding },
    listener: AudioListener,
  ): AudioIntake;
  /** What the journal in a folder holds from a place (seconds) on. */
  rest(folder: string, coding: Coding, fromSeconds: number): Promise<readonly LeftSound[]>;
  /** Messages of a recording, at {@link soundRate}. */
  decode(coding: Coding, messages: readonly Uint8Array[]): Promise<Int16Array>;
  close(): Promise<void>;
}

interface Open {
  readonly listener: AudioListener;
  waiting: Buffer[];
  heardAt: number;
  isPaused: boolean;
}

export function createAudioThread(clock: Clock): AudioThread {
  const streams = new Map<string, Open>();
  const requests = new Map<number, { resolve(report: AudioReport): void; reject(error: unknown): void }>();
  let worker: Worker | undefined;
  let lastRequest = 0;
  let flushedAt = clock.now();

  const hear = (report: AudioReport): void => {
    if (report.kind === 'answer' || report.kind === 'refused') {
      const request = requests.get(report.request);
      requests.delete(report.request);
      if (report.kind === 'answer') request?.resolve(report);
      else request?.reject(errors.internal({ cause: new Error(report.message) }));
      return;
    }
    const stream = streams.get(report.id);
    if (!stream) return;
    if (report.kind === 'sound') stream.listener.sound(report.samples, report.clock);
    else if (report.kind === 'ended') stream.listener.ended();
    else if (report.kind === 'failed') failOne(report.id, failureOf(report.code, report.message));
    else if (report.bytes > longestJournal) {
      send({ kind: 'close', id: report.id });
      failOne(
        report.id,
        errors.unavailable('This server cannot listen as fast as you speak. Please try again later.'),
      );
    }
  };
  const failOne = (id: string, error: AppError): void => {
    const stream = streams.get(id);
    streams.delete(id);
    stream?.listener.failed(error);
  };
  const brokeDown = (cause: unknown): void => {
    worker = undefined;
    const error = errors.internal({ cause });
    for (const request of requests.values()) request.reject(error);
    requests.clear();
    for (const id of [...streams.keys()]) failOne(id, error);
  };
  const started = (): Worker => {
    if (worker) return worker;
    const fresh = new Worker(workerFile(import.meta.url, './audio-worker.js'));
    fresh.on('message', (reports: readonly AudioReport[]) => {
      for (const report of reports) hear(report);
    });
    fresh.on('error', (error) => {
      if (worker === fresh) brokeDown(error);
    });
    fresh.on('exit', () => {
      if (worker === fresh) brokeDown(new Error('The audio thread ended.'));
    });
    // Open sockets keep the process; an idle thread must not.
    fresh.unref();
    worker = fresh;
    return fresh;
  };
  const send = (order: AudioOrder): void => started().postMessage(order);
  const ask = (make: (request: number) => AudioOrder): Promise<Extract<AudioReport, { kind: 'answer' }>> =>
    new Promise((resolve, reject) => {
      lastRequest += 1;
      requests.set(lastRequest, {
        resolve: (report) => report.kind === 'answer' && resolve(report),
        reject,
      });
      send(make(lastRequest));
    });

  const flush = (): void => {
    const now = clock.now();
    // When this process was late itself, what the devices sent may still wait to be read.
    const isPunctual = now - flushedAt < pauseMilliseconds / 2;
    flushedAt = now;
    const batches: { id: string; records: Uint8Array }[] = [];
    for (const [id, stream] of streams) {
      if (isPunctual && !stream.isPaused && now - stream.heardAt > pauseMilliseconds) {
        stream.isPaused = true;
        stream.waiting.push(journalRecord(recordKinds.pause));
      }
      if (stream.waiting.length === 0) continue;
      batches.push({ id, records: Buffer.concat(stream.waiting) });
      stream.waiting = [];
    }
    if (batches.length > 0) send({ kind: 'append', batches });
  };
  const ticking = setInterval(flush, flushMilliseconds).unref();

  return {
    open({ id, folder, coding }, listener) {
      const stream: Open = { listener, waiting: [], heardAt: clock.now(), isPaused: true };
      streams.set(id, stream);
      send({ kind: 'open', id, folder, coding });
      const isOpen = () => streams.get(id) === stream;
      return {
        take(message) {
          if (!isOpen()) return;
          stream.heardAt = clock.now();
          if (stream.isPaused) {
            stream.isPaused = false;
            stream.waiting.push(clockRecord(stream.heardAt));
          }
          stream.waiting.push(journalRecord(recordKinds.audio, message));
        },
        hold: (isHeld) => isOpen() && send({ kind: 'hold', id, isHeld }),
        forget: (beforeSeconds) =>
          isOpen() && send({ kind: 'forget', id, before: Math.floor(beforeSeconds * soundRate) }),
        end() {
          if (!isOpen()) return;
          flush();
          send({ kind: 'end', id });
        },
        close() {
          if (!isOpen()) return;
          flush();
          streams.delete(id);
          send({ kind: 'close', id });
        },
      };
    },
    async rest(folder, coding, fromSeconds) {
      const from = Math.floor(fromSeconds * soundRate);
      return (await ask((request) => ({ kind: 'rest', request, folder, coding, from }))).left ?? [];
    },
    async decode(coding, messages) {
      return (
        (await ask((request) => ({ kind: 'decode', request, coding, messages }))).samples ?? new Int16Array(0)
      );
    },
    async close() {
      clearInterval(ticking);
      flush();
      const running = worker;
      worker = undefined;
      await running?.terminate();
    },
  };
}

const failureOf = (code: string | undefined, message: string): AppError =>
  code === 'ENOSPC' || code === 'EDQUOT'
    ? errors.storageFull({ cause: new Error(message) })
    : errors.unavailable('The audio could not be stored. Please try again.', { cause: new Error(message) });
