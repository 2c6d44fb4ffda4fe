import { spawn } from 'node:child_process';
import { finished } from 'node:stream/promises';
import { samplesOf } from '../pcm.js';

/** Kilobytes of address space: a decoder of sound needs about a third. */
const memoryKilobytes = 1 << 20;

export interface FfmpegTask {
  /** The program's file. */
  readonly program: string;
  readonly bytes: Uint8Array;
  /** ffmpeg's name of the container, which is never guessed: a playlist would name further files. */
  readonly container: string;
  readonly sampleRate: number;
  readonly maxSeconds: number;
}

/**
 * Decodes a file through pipes: ffmpeg opens no file and no connection, and is stopped at the memory limit,
 * at `maxSeconds` of sound, and when the signal is aborted.
 *
 * @returns mono samples, one second more than `maxSeconds` at most; none when it could make nothing of the file
 */
export async function decodeByFfmpeg(
  { program, bytes, container, sampleRate, maxSeconds }: FfmpegTask,
  signal: AbortSignal,
): Promise<Int16Array> {
  const words = [
    `-v error -nostats -protocol_whitelist pipe -threads 1 -f ${container} -i pipe:0 -map 0:a:0 -vn -sn -dn`,
    `-t ${maxSeconds + 1} -threads 1 -ac 1 -ar ${sampleRate} -f s16le pipe:1`,
  ].flatMap((part) => part.split(' '));
  const limited = process.platform !== 'win32';
  const child = spawn(
    limited ? '/bin/sh' : program,
    limited ? ['-c', `ulimit -v ${memoryKilobytes}; exec "$0" "$@"`, program, ...words] : words,
    // Of our own variables, secrets among them, it needs none.
    { env: {}, stdio: ['pipe', 'pipe', 'ignore'], signal, killSignal: 'SIGKILL' },
  );
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => {}); // Told below; there may be nobody left to hear it once the output has ended.
  child.stdin.on('error', () => {}); // It may stop reading when it has enough.
  child.stdin.end(bytes);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  await Promise.race([finished(child.stdout), failed]);
  signal.throwIfAborted();
  return samplesOf(Buffer.concat(parts));
}
