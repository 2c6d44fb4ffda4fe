import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  type InputAudioTrack,
  MkvOutputFormat,
  Output,
} from 'mediabunny';

/**
 * The track's packets, as they are, in a Matroska file that can be read from front to back: an MP4 file's index may
 * stand at its end, which a decoder behind a pipe cannot reach.
 *
 * @param maxSeconds packets that begin later are left out
 */
export async function remux(track: InputAudioTrack, maxSeconds: number): Promise<Uint8Array> {
  const codec = await track.getCodec();
  if (!codec) throw new Error('A track without a codec cannot be remuxed.');
  const target = new BufferTarget();
  const output = new Output({ format: new MkvOutputFormat({ appendOnly: true }), target });
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig = await track.getDecoderConfig();
  let isFirst = true;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    if (packet.timestamp > maxSeconds) break;
    await source.add(packet, isFirst && decoderConfig ? { decoderConfig } : undefined);
    isFirst = false;
  }
  await output.finalize();
  if (!target.buffer) throw new Error('The Matroska file was not written.');
  return new Uint8Array(target.buffer);
}
