import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { PcmAudio } from '../../ai/transcriber.js';
import { findExecutable } from '../../executables.js';
import { errors } from '../../http/errors.js';
import { workerFile } from '../../worker-threads.js';
import { audioContainer } from '../container.js';
import type { DecodeResult, DecodeTask } from './decode-worker.js';
import { decodeByFfmpeg } from './ffmpeg.js';

export interface DecodeOptions {
  /** Samples per second of the result. */
  readonly sampleRate: number;
  /** A longer recording is refused. */
  readonly maxSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface DecodedAudio extends PcmAudio {
  /** Seconds. */
  readonly duration: number;
}

/** Decoding takes a hundredth of the sound's duration; a file that needs this long is made to. */
const deadlineMilliseconds = 60_000;
const idleMilliseconds = 10_000;
/** Recordings of 25 MB may wait for a thread; more than this many are a flood. */
const longestQueue = 64;

const ownCodecs = 'WAV (PCM, mu-law, A-law), FLAC, and Opus in Ogg, WebM or MP4';

let threads: Piscina<DecodeTask, DecodeResult> | undefined;

/**
 * Turns a recording into mono samples: WAV, FLAC and Opus in any container, and with `ffmpeg` on the PATH also MP3,
 * AAC (MP4, M4A, ADTS) and Vorbis. The format is found from the bytes. Of a file that breaks off, what is there is
 * decoded. The work is done in threads (and by ffmpeg), which end with the signal.
 *
 * @throws AppError 400 (UNSUPPORTED_FORMAT) when this machine cannot make sound of it, with what it can; 413 when it is
 * longer than `maxSeconds`; 503 when too many wait; the signal's reason when the signal is aborted
 */
export async function decodeAudio(
  bytes: Uint8Array,
  { sampleRate, maxSeconds, signal }: DecodeOptions,
): Promise<DecodedAudio> {
  signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(deadlineMilliseconds);
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const result = await onThread({ bytes, sampleRate, maxSeconds }, either);
    if (result.kind === 'too-long') throw tooLong(maxSeconds);
    const samples =
      result.kind === 'sound'
        ? result.samples
        : await byFfmpeg(foreignOf(result, bytes), { sampleRate, maxSeconds }, either);
    return { samples, sampleRate, duration: samples.length / sampleRate };
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted) throw unreadable();
    throw error;
  }
}

/** What a person may be told about the formats that this machine decodes. */
const decodableFormats = (): string =>
  findExecutable('ffmpeg')
    ? `${ownCodecs}, MP3, AAC (MP4, M4A) and Vorbis`
    : `${ownCodecs} (and MP3, AAC and Vorbis where ffmpeg is installed on the server)`;

const unreadable = () =>
  errors.unsupportedFormat(`This audio cannot be read. The server reads ${decodableFormats()}.`);

const tooLong = (maxSeconds: number) =>
  errors.tooLarge(`The recording is longer than ${maxSeconds} seconds.`);

function startThreads(): Piscina<DecodeTask, DecodeResult> {
  const pool = new Piscina<DecodeTask, DecodeResult>({
    filename: workerFile(import.meta.url, './decode-worker.js'),
    minThreads: 0,
    maxThreads: availableParallelism(),
    idleTimeout: idleMilliseconds,
    maxQueue: longestQueue,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  // A thread that falls over between two files is replaced; without a listener the whole process would end.
  pool.on('error', () => {});
  return pool;
}

async function onThread(task: DecodeTask, signal: AbortSignal): Promise<DecodeResult> {
  threads ??= startThreads();
  if (threads.queueSize >= longestQueue)
    throw errors.unavailable('Too many recordings are waiting to be decoded.', { retryAfterSeconds: 5 });
  try {
    return await threads.run(task, { signal });
  } catch (error) {
    signal.throwIfAborted();
    // A thread that ran out of memory: files can say anything about their sizes.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      throw unreadable();
    throw error;
  }
}

/** What ffmpeg is asked to decode, and by which name a person knows it. */
interface Foreign {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly container: string;
}

/** ffmpeg's names of the containers that it reads from front to back. */
const ffmpegContainers = {
  wav: 'wav',
  ogg: 'ogg',
  flac: 'flac',
  webm: 'matroska',
  mp4: 'mov',
  mp3: 'mp3',
  aac: 'aac',
} as const;

/** A file that the demuxer gives up on, mostly because it breaks off, goes to ffmpeg as it is. */
function foreignOf(
  result: Exclude<DecodeResult, { kind: 'sound' } | { kind: 'too-long' }>,
  bytes: Uint8Array,
): Foreign {
  if (result.kind === 'foreign')
    return { what: result.codec.toUpperCase(), bytes: result.matroska, container: 'matroska' };
  const container = audioContainer(bytes);
  if (!container || !findExecutable('ffmpeg')) throw unreadable();
  return { what: container.mediaType, bytes, container: ffmpegContainers[container.extension] };
}

async function byFfmpeg(
  { what, bytes, container }: Foreign,
  { sampleRate, maxSeconds }: Pick<DecodeOptions, 'sampleRate' | 'maxSeconds'>,
  signal: AbortSignal,
): Promise<Int16Array> {
  const program = findExecutable('ffmpeg');
  if (!program)
    throw errors.unsupportedFormat(`The server cannot decode ${what} audio. It reads ${decodableFormats()}.`);
  const samples = await decodeByFfmpeg({ program, bytes, container, sampleRate, maxSeconds }, signal);
  if (samples.length === 0) throw unreadable();
  if (samples.length > maxSeconds * sampleRate) throw tooLong(maxSeconds);
  return samples;
}
