import { rmSync } from 'node:fs';
import type { SpeechFormat } from '../ai/speech-synthesizer.js';
import { AppError } from '../http/errors.js';
import { fileSink } from './byte-sink.js';
import { type ByteSource, fileSource } from './byte-source.js';
import { containers } from './formats.js';

export type AudioTask =
  | {
      readonly kind: 'join';
      readonly format: SpeechFormat;
      readonly inputs: readonly string[];
      readonly output: string;
    }
  | { readonly kind: 'duration'; readonly format: SpeechFormat; readonly input: string };

/** Errors lose their class between threads, so unusable audio is told in the result. */
export type AudioResult = { readonly seconds: number } | { readonly unusable: string };

/** The work of an audio thread. */
export default function run(task: AudioTask): AudioResult {
  try {
    return { seconds: task.kind === 'join' ? join(task) : duration(task) };
  } catch (error) {
    if (error instanceof AppError) return { unusable: error.message };
    throw error;
  }
}

function duration({ format, input }: Extract<AudioTask, { kind: 'duration' }>): number {
  const source = fileSource(input);
  try {
    return containers[format].duration(source);
  } finally {
    source.close();
  }
}

function join({ format, inputs, output }: Extract<AudioTask, { kind: 'join' }>): number {
  const sink = fileSink(output);
  try {
    containers[format].join(opened(inputs), sink);
    sink.close();
  } catch (error) {
    sink.close();
    rmSync(output, { force: true });
    throw error;
  }
  return duration({ kind: 'duration', format, input: output });
}

/** Opens one file after the other, so that only one is open at a time. */
function* opened(paths: readonly string[]): Generator<ByteSource> {
  for (const path of paths) {
    const source = fileSource(path);
    try {
      yield source;
    } finally {
      source.close();
    }
  }
}
