import { EncodedPacketSink, type InputAudioTrack } from 'mediabunny';
import { descriptionBytes } from './bytes.js';
import type { Sound } from './sound.js';

/** Frames that are damaged are left out. */
export async function decodeFlac(track: InputAudioTrack, sound: Sound): Promise<void> {
  const { default: libFlac } = await import('libflacjs');
  // Its WebAssembly build fetches itself by URL, which Node refuses for files; this one is plain JavaScript.
  const library = libFlac('min');
  if (!library.isReady()) await new Promise((resolve) => library.on('ready', resolve));
  const stream = await flacStream(track);
  let position = 0;
  let failure: unknown;
  const decoder = library.create_libflac_decoder(false);
  try {
    const status = library.init_decoder_stream(
      decoder,
      (count) => {
        const buffer = stream.subarray(position, position + count);
        position += buffer.length;
        return { buffer, readDataLength: buffer.length };
      },
      (channels, { blocksize, bitsPerSample, sampleRate }) => {
        // Thrown later: an exception here would fall through the library's own frames.
        try {
          if (failure === undefined) sound.add(channels.map(floatsOf(blocksize, bitsPerSample)), sampleRate);
        } catch (error) {
          failure = error;
        }
      },
      () => {},
    );
    if (status !== 0) return;
    const endOfStream = 4;
    while (library.FLAC__stream_decoder_get_state(decoder) < endOfStream && failure === undefined)
      if (!library.FLAC__stream_decoder_process_single(decoder)) break;
  } finally {
    library.FLAC__stream_decoder_delete(decoder);
  }
  if (failure !== undefined) throw failure;
}

/** A native FLAC stream, whatever container the track is in: the description is its header. */
async function flacStream(track: InputAudioTrack): Promise<Uint8Array<ArrayBuffer>> {
  const config = await track.getDecoderConfig();
  const parts = [descriptionBytes(config?.description)];
  for await (const { data } of new EncodedPacketSink(track).packets()) parts.push(data);
  return Buffer.concat(parts);
}

/** Reads the `count` little-endian samples of a channel; the library keeps 24 bits in 32. */
function floatsOf(count: number, bitsPerSample: number): (bytes: Uint8Array) => Float32Array {
  const scale = 2 ** (bitsPerSample - 1);
  return (bytes) => {
    const width = bytes.length / count;
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const floats = new Float32Array(count);
    for (let index = 0; index < count; index += 1)
      floats[index] = source.readIntLE(index * width, width) / scale;
    return floats;
  };
}
