import { bytesOf, samplesOf } from '../../../../platform/audio/pcm.js';
import { createResampler } from '../../../../platform/audio/resample.js';
import { isMembers } from '../../realtime-sessions/configuration.js';
import { RealtimeProblem } from '../events.js';

export type FormatName = 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';

/** How sound travels in one direction (contract §8.3): 16-bit PCM at 24 kHz, or G.711 at 8 kHz. */
export interface AudioFormat {
  readonly name: FormatName;
  /** Samples per second. */
  readonly sampleRate: number;
  readonly bytesPerSample: number;
  decode(bytes: Uint8Array): Int16Array;
  /** An encoder of speech at 24 kHz that comes piece by piece. */
  createEncoder(): { push(samples: Int16Array): Uint8Array; end(): Uint8Array };
}

const SPEECH_RATE = 24_000;
const TELEPHONE_RATE = 8_000;

/** ITU-T G.711: the 8-bit code of each sample, and back, by table. */
const companding = (decodeOne: (code: number) => number) => {
  const decoded = Int16Array.from({ length: 256 }, (_, code) => decodeOne(code));
  const codes = [...decoded.keys()].sort((one, other) => (decoded[one] ?? 0) - (decoded[other] ?? 0));
  const encoded = new Uint8Array(65_536);
  let next = 0;
  for (let sample = -32_768; sample < 32_768; sample += 1) {
    while (
      next + 1 < codes.length &&
      Math.abs((decoded[codes[next + 1] ?? 0] ?? 0) - sample) <=
        Math.abs((decoded[codes[next] ?? 0] ?? 0) - sample)
    )
      next += 1;
    encoded[sample & 0xffff] = codes[next] ?? 0;
  }
  return { decoded, encoded };
};

const muLaw = companding((code) => {
  const bits = ~code & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return bits & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
});

const aLaw = companding((code) => {
  const bits = code ^ 0x55;
  const exponent = (bits & 0x70) >> 4;
  const mantissa = ((bits & 0x0f) << 4) + (exponent === 0 ? 8 : 0x108);
  const magnitude = exponent > 1 ? mantissa << (exponent - 1) : mantissa;
  return bits & 0x80 ? magnitude : -magnitude;
});

const pcm: AudioFormat = {
  name: 'audio/pcm',
  sampleRate: SPEECH_RATE,
  bytesPerSample: 2,
  decode: samplesOf,
  createEncoder: () => ({ push: bytesOf, end: () => new Uint8Array(0) }),
};

const g711 = (name: FormatName, { decoded, encoded }: ReturnType<typeof companding>): AudioFormat => {
  const encode = (samples: Int16Array) => Uint8Array.from(samples, (sample) => encoded[sample & 0xffff] ?? 0);
  return {
    name,
    sampleRate: TELEPHONE_RATE,
    bytesPerSample: 1,
    decode: (bytes) => Int16Array.from(bytes, (code) => decoded[code] ?? 0),
    createEncoder: () => {
      const resampler = createResampler(SPEECH_RATE, TELEPHONE_RATE);
      return { push: (samples) => encode(resampler.push(samples)), end: () => encode(resampler.end()) };
    },
  };
};

const FORMATS: Readonly<Record<FormatName, AudioFormat>> = {
  'audio/pcm': pcm,
  'audio/pcmu': g711('audio/pcmu', muLaw),
  'audio/pcma': g711('audio/pcma', aLaw),
};

/** The format that a session names. @throws RealtimeProblem for one that there is not */
export function audioFormat(format: unknown, param: string): AudioFormat {
  const name = isMembers(format) ? format.type : format;
  const found = Object.values(FORMATS).find((known) => known.name === name);
  if (!found)
    throw new RealtimeProblem(
      'invalid_value',
      `Audio is audio/pcm, audio/pcmu or audio/pcma.`,
      `${param}.type`,
    );
  if (isMembers(format) && format.rate !== undefined && format.rate !== found.sampleRate)
    throw new RealtimeProblem(
      'invalid_value',
      `${found.name} has ${found.sampleRate} samples a second.`,
      `${param}.rate`,
    );
  return found;
}
