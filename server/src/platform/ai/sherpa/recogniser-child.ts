import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Model } from './catalogue.js';

/** What the process is told, `load` first; `id` names an utterance. */
export type RecogniserCommand =
  | ({ readonly kind: 'load' } & RecogniserData)
  | { readonly kind: 'open'; readonly id: number }
  | {
      readonly kind: 'write';
      readonly id: number;
      readonly samples: Int16Array;
      readonly sampleRate: number;
    }
  | { readonly kind: 'finish'; readonly id: number }
  | { readonly kind: 'cancel'; readonly id: number };

export type RecogniserReport =
  | { readonly kind: 'partial'; readonly id: number; readonly text: string }
  | { readonly kind: 'heard'; readonly id: number; readonly text: string; readonly language?: string };

export interface RecogniserData {
  readonly model: Model;
  readonly folder: string;
  /** Threads of the computation itself. */
  readonly threads: number;
}

interface Utterance {
  write(samples: Float32Array, sampleRate: number): string | undefined;
  finish(): { text: string; language?: string };
}

/** The parts of sherpa-onnx-node that are used; it brings no types. */
interface Sherpa {
  readonly OnlineRecognizer: new (
    config: object,
  ) => {
    createStream(): SherpaStream & { inputFinished(): void };
    isReady(stream: SherpaStream): boolean;
    decode(stream: SherpaStream): void;
    getResult(stream: SherpaStream): { text: string };
  };
  readonly OfflineRecognizer: new (
    config: object,
  ) => {
    createStream(): SherpaStream;
    decode(stream: SherpaStream): void;
    getResult(stream: SherpaStream): { text: string; lang?: string };
  };
}

interface SherpaStream {
  acceptWaveform(sound: { readonly samples: Float32Array; readonly sampleRate: number }): void;
}

const featConfig = { sampleRate: 16_000, featureDim: 80 };
/** Zipformers see a little ahead; this much silence brings the last word out. */
const tailSeconds = 0.5;

function recogniser({ model, folder, threads }: RecogniserData): () => Utterance {
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
  const file = (name: string) => join(folder, name);
  const shared = { tokens: file(model.tokens), numThreads: threads, provider: 'cpu', debug: 0 };
  const { use } = model;
  if (use.kind === 'whisper') {
    const whisper = {
      encoder: file(use.encoder),
      decoder: file(use.decoder),
      language: model.languages === 'many' ? '' : 'en',
      task: 'transcribe',
    };
    return offline(new sherpa.OfflineRecognizer({ featConfig, modelConfig: { ...shared, whisper } }));
  }
  const transducer = { encoder: file(use.encoder), decoder: file(use.decoder), joiner: file(use.joiner) };
  return online(new sherpa.OnlineRecognizer({ featConfig, modelConfig: { ...shared, transducer } }));
}

const offline = (recognizer: InstanceType<Sherpa['OfflineRecognizer']>) => (): Utterance => {
  const stream = recognizer.createStream();
  const parts: Float32Array[] = [];
  let rate = featConfig.sampleRate;
  return {
    write(samples, sampleRate) {
      parts.push(samples);
      rate = sampleRate;
      return undefined;
    },
    finish() {
      // The whole of it at once: this recogniser takes one wave per stream.
      const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      let offset = 0;
      for (const part of parts) {
        samples.set(part, offset);
        offset += part.length;
      }
      stream.acceptWaveform({ samples, sampleRate: rate });
      recognizer.decode(stream);
      const { text, lang } = recognizer.getResult(stream);
      return { text: text.trim(), ...(lang ? { language: lang } : {}) };
    },
  };
};

const online = (recognizer: InstanceType<Sherpa['OnlineRecognizer']>) => (): Utterance => {
  const stream = recognizer.createStream();
  let rate = featConfig.sampleRate;
  const decoded = () => {
    while (recognizer.isReady(stream)) recognizer.decode(stream);
    return recognizer.getResult(stream).text.trim();
  };
  return {
    write(samples, sampleRate) {
      rate = sampleRate;
      stream.acceptWaveform({ samples, sampleRate });
      return decoded();
    },
    finish() {
      stream.acceptWaveform({ samples: new Float32Array(Math.round(tailSeconds * rate)), sampleRate: rate });
      stream.inputFinished();
      return { text: decoded() };
    },
  };
};

let open: (() => Utterance) | undefined;
const utterances = new Map<number, { readonly utterance: Utterance; told: string }>();
const report = (message: RecogniserReport) => process.send?.(message);

function obey(command: RecogniserCommand): void {
  if (command.kind === 'load') {
    open = recogniser(command);
    return;
  }
  const { id } = command;
  if (command.kind === 'open' && open) utterances.set(id, { utterance: open(), told: '' });
  const entry = utterances.get(id);
  if (!entry) return;
  if (command.kind === 'write') {
    const samples = Float32Array.from(command.samples, (sample) => sample / 32_768);
    const text = entry.utterance.write(samples, command.sampleRate);
    if (!text || text === entry.told) return;
    entry.told = text;
    report({ kind: 'partial', id, text });
  } else if (command.kind !== 'open') utterances.delete(id);
  if (command.kind === 'finish') report({ kind: 'heard', id, ...entry.utterance.finish() });
}

// A fault ends the process, and the server tells everybody who waits.
process.on('message', (command: RecogniserCommand) => obey(command));
process.on('disconnect', () => process.exit());
