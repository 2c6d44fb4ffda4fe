import type { SpeechFormat } from '../ai/speech-synthesizer.js';
import { memorySink } from './byte-sink.js';
import { bytesSource } from './byte-source.js';
import { joinMp3 } from './mp3.js';
import { oggOpusWriter, opusHead } from './ogg-opus.js';
import { pcmSampleRate } from './pcm.js';
import { wavFile } from './wav.js';

/** Constant bit rates that leave mono speech at 24 kHz clear. */
const mp3KilobitsPerSecond = 64;
const aacBitsPerSecond = 64_000;
const opusBitsPerSecond = 32_000;

/**
 * A complete file of mono speech at 24,000 samples a second. The encoders are loaded when first used. They compute on
 * the thread they are called on, so call this from a worker thread.
 */
export async function encodeSpeech(samples: Int16Array, format: SpeechFormat): Promise<Uint8Array> {
  return await encoders[format](samples);
}

const encoders: Readonly<Record<SpeechFormat, (samples: Int16Array) => Uint8Array | Promise<Uint8Array>>> = {
  mp3,
  opus,
  aac,
  flac,
  wav: (samples) => wavFile(samples, pcmSampleRate),
  pcm: (samples) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
};

async function mp3(samples: Int16Array): Promise<Uint8Array> {
  const { createMp3Encoder } = await import('wasm-media-encoders');
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: pcmSampleRate, channels: 1, bitrate: mp3KilobitsPerSecond });
  const sound = memorySink();
  const second = pcmSampleRate;
  for (let start = 0; start < samples.length; start += second)
    sound.write(
      encoder.encode([Float32Array.from(samples.subarray(start, start + second), (s) => s / 32_768)]),
    );
  sound.write(encoder.finalize());
  const file = memorySink();
  const bytes = sound.bytes();
  // LAME begins 576 samples late and fills up its last frame; 576 samples are a frame at this rate.
  const frameBytes = (576 * 125 * mp3KilobitsPerSecond) / pcmSampleRate;
  const padding = Math.round(bytes.length / frameBytes) * 576 - samples.length - 576;
  joinMp3([bytesSource(bytes)], file, { encoder: 'LAME3.100', delay: 576, padding });
  return file.bytes();
}

async function opus(samples: Int16Array): Promise<Uint8Array> {
  const { default: OpusScript } = await import('opusscript');
  const encoder = new OpusScript(pcmSampleRate, 1, OpusScript.Application.AUDIO);
  try {
    encoder.setBitrate(opusBitsPerSecond);
    const frame = pcmSampleRate / 50;
    // libopus looks ahead 6.5 ms; 312 samples at 48 kHz are to be skipped at the beginning.
    const lookahead = 156;
    const frames = Math.ceil((samples.length + lookahead) / frame);
    const padded = new Int16Array(frames * frame);
    padded.set(samples);
    const file = memorySink();
    const writer = oggOpusWriter(file, opusHead(1, lookahead * 2, pcmSampleRate));
    for (let index = 0; index < frames; index += 1)
      writer.packet(encoder.encode(Buffer.from(padded.buffer, index * frame * 2, frame * 2), frame));
    writer.end((padded.length - samples.length - lookahead) * 2);
    return file.bytes();
  } finally {
    encoder.delete();
  }
}

async function aac(samples: Int16Array): Promise<Uint8Array> {
  const { AdtsOutputFormat, AudioSample, AudioSampleSource, BufferTarget, Output } = await import(
    'mediabunny'
  );
  const { registerAacEncoder } = await import('@mediabunny/aac-encoder');
  registerAacEncoder();
  const target = new BufferTarget();
  const output = new Output({ format: new AdtsOutputFormat(), target });
  const source = new AudioSampleSource({ codec: 'aac', bitrate: aacBitsPerSecond });
  output.addAudioTrack(source);
  await output.start();
  const sample = new AudioSample({
    data: samples,
    format: 's16',
    numberOfChannels: 1,
    sampleRate: pcmSampleRate,
    timestamp: 0,
  });
  try {
    await source.add(sample);
  } finally {
    sample.close();
  }
  await output.finalize();
  if (target.buffer === null) throw new Error('The AAC encoder wrote nothing.');
  return new Uint8Array(target.buffer);
}

async function flac(samples: Int16Array): Promise<Uint8Array> {
  const { default: libFlac } = await import('libflacjs');
  // Its WebAssembly build fetches itself by URL, which Node refuses for files; this one is plain JavaScript.
  const library = libFlac('min');
  if (!library.isReady()) await new Promise((resolve) => library.on('ready', resolve));
  const compression = 5;
  const encoder = library.create_libflac_encoder(pcmSampleRate, 1, 16, compression, samples.length, false, 0);
  if (encoder === 0) throw new Error('The FLAC encoder could not be made.');
  try {
    const file = memorySink();
    const status = library.init_encoder_stream(encoder, (bytes) => file.write(bytes), undefined);
    const encoded =
      status === 0 &&
      library.FLAC__stream_encoder_process_interleaved(encoder, Int32Array.from(samples), samples.length) &&
      library.FLAC__stream_encoder_finish(encoder);
    if (!encoded) throw new Error('The FLAC encoder failed.');
    return file.bytes();
  } finally {
    library.FLAC__stream_encoder_delete(encoder);
  }
}
