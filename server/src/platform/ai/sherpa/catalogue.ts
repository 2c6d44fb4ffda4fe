/** A file of a model: where it comes from and what it must be. */
export interface ModelFile {
  /** Its name in the model's folder: no separators. */
  readonly name: string;
  readonly url: string;
  /** Exact; where it is not known, `atMostBytes` bounds the download. */
  readonly bytes?: number;
  readonly atMostBytes?: number;
  /** Hexadecimal; where it is not known, the first download's is recorded and later ones must agree. */
  readonly sha256?: string;
}

/** Which recogniser runs it; each names the files that it takes. */
export type ModelUse =
  | {
      readonly kind: 'streaming-transducer';
      readonly encoder: string;
      readonly decoder: string;
      readonly joiner: string;
    }
  | { readonly kind: 'whisper'; readonly encoder: string; readonly decoder: string };

export interface Model {
  readonly name: string;
  /** For a person who chooses. */
  readonly title: string;
  /** ISO 639-1 codes, or `many`. */
  readonly languages: readonly string[] | 'many';
  /** About, for the list. */
  readonly megabytes: number;
  readonly use: ModelUse;
  readonly tokens: string;
  readonly files: readonly ModelFile[];
}

const hub = (repository: string, revision: string) => (name: string) =>
  `https://huggingface.co/csukuangfj/${repository}/resolve/${revision}/${name}`;

const zipformer = hub(
  'sherpa-onnx-streaming-zipformer-en-20M-2023-02-17',
  'd42f2d9f7ca24806fb667456a18a9f1b60f70d16',
);
const tiny = hub('sherpa-onnx-whisper-tiny.en', 'd026532c022fa99fd789d6b32446a1df7b6bfc43');
const small = hub('sherpa-onnx-whisper-small.en', 'd9533f69affd85061aee349af7fea5cb2996dbbe');
const base = hub('sherpa-onnx-whisper-base', 'main');

/**
 * Models of the sherpa-onnx project that are known to work (https://k2-fsa.github.io/sherpa/onnx/pretrained_models/),
 * as single files of its hub, so that nothing has to be unpacked. Sizes and digests are those of the named revisions.
 */
export const catalogue: readonly Model[] = [
  {
    name: 'zipformer-en-20m',
    title: 'Zipformer 20M, English: words while they are spoken, light enough for any machine',
    languages: ['en'],
    megabytes: 45,
    use: {
      kind: 'streaming-transducer',
      encoder: 'encoder-epoch-99-avg-1.int8.onnx',
      decoder: 'decoder-epoch-99-avg-1.onnx',
      joiner: 'joiner-epoch-99-avg-1.int8.onnx',
    },
    tokens: 'tokens.txt',
    files: [
      {
        name: 'encoder-epoch-99-avg-1.int8.onnx',
        url: zipformer('encoder-epoch-99-avg-1.int8.onnx'),
        bytes: 42_845_182,
        sha256: '3810755ce7c3ab26b42a8bcf39d191308fa27fb0f53358823ba46141d03b7eb3',
      },
      {
        name: 'decoder-epoch-99-avg-1.onnx',
        url: zipformer('decoder-epoch-99-avg-1.onnx'),
        bytes: 2_092_272,
        sha256: '45a7f940ecfb53d89fa270ad11b88b961e53a317203eb24b1c8e95ed208b0f30',
      },
      {
        name: 'joiner-epoch-99-avg-1.int8.onnx',
        url: zipformer('joiner-epoch-99-avg-1.int8.onnx'),
        bytes: 259_572,
        sha256: 'e085d73b593cf9b0707f370dbd656d58327d3fe36d80d849202ef81df02cb01e',
      },
      {
        name: 'tokens.txt',
        url: zipformer('tokens.txt'),
        bytes: 5_048,
        sha256: '49e3c2646595fd907228b3c6787069658f67b17377c60aeb8619c4551b2316fb',
      },
    ],
  },
  {
    name: 'whisper-tiny.en',
    title: 'Whisper tiny, English: punctuation, words when a sentence has ended',
    languages: ['en'],
    megabytes: 104,
    use: { kind: 'whisper', encoder: 'tiny.en-encoder.int8.onnx', decoder: 'tiny.en-decoder.int8.onnx' },
    tokens: 'tiny.en-tokens.txt',
    files: [
      {
        name: 'tiny.en-encoder.int8.onnx',
        url: tiny('tiny.en-encoder.int8.onnx'),
        bytes: 12_937_772,
        sha256: '0ce578b827c94a961aacb8fa14b02f096504b337e5c94be37c36238cbe3e8bc6',
      },
      {
        name: 'tiny.en-decoder.int8.onnx',
        url: tiny('tiny.en-decoder.int8.onnx'),
        bytes: 89_853_865,
        sha256: '06c0e6ff6348d427e51839219d1c886c18cfdf411e629e33f5e1679bff9c1527',
      },
      {
        name: 'tiny.en-tokens.txt',
        url: tiny('tiny.en-tokens.txt'),
        bytes: 835_554,
        sha256: '306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930',
      },
    ],
  },
  {
    name: 'whisper-small.en',
    title: 'Whisper small, English: the best of these, needs a strong machine',
    languages: ['en'],
    megabytes: 376,
    use: { kind: 'whisper', encoder: 'small.en-encoder.int8.onnx', decoder: 'small.en-decoder.int8.onnx' },
    tokens: 'small.en-tokens.txt',
    files: [
      {
        name: 'small.en-encoder.int8.onnx',
        url: small('small.en-encoder.int8.onnx'),
        bytes: 112_442_483,
        sha256: '8bdac288f369aa94ee2194059238c465ed82ea9d47ee8fa4a8c0a891873e462f',
      },
      {
        name: 'small.en-decoder.int8.onnx',
        url: small('small.en-decoder.int8.onnx'),
        bytes: 262_223_042,
        sha256: '710ccf890e10f3faa15f51ec346081a2723c9f3adb6e4da81c6573a5a6f877fb',
      },
      {
        name: 'small.en-tokens.txt',
        url: small('small.en-tokens.txt'),
        bytes: 835_554,
        sha256: '306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930',
      },
    ],
  },
  {
    name: 'whisper-base',
    title: 'Whisper base: about a hundred languages',
    languages: 'many',
    megabytes: 161,
    use: { kind: 'whisper', encoder: 'base-encoder.int8.onnx', decoder: 'base-decoder.int8.onnx' },
    tokens: 'base-tokens.txt',
    files: [
      { name: 'base-encoder.int8.onnx', url: base('base-encoder.int8.onnx'), atMostBytes: 40_000_000 },
      { name: 'base-decoder.int8.onnx', url: base('base-decoder.int8.onnx'), atMostBytes: 160_000_000 },
      { name: 'base-tokens.txt', url: base('base-tokens.txt'), atMostBytes: 2_000_000 },
    ],
  },
];
