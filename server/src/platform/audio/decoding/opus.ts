import { EncodedPacketSink, type InputAudioTrack } from 'mediabunny';
import { OpusDecoder, type OpusDecoderSampleRate } from 'opus-decoder';
import { isOpusPacket } from '../opus-packet.js';
import { descriptionBytes } from './bytes.js';
import type { Sound } from './sound.js';

const isNative = (rate: number): rate is OpusDecoderSampleRate =>
  [8_000, 12_000, 16_000, 24_000, 48_000].includes(rate);

/** Packets that are none are left out. */
export async function decodeOpus(track: InputAudioTrack, sampleRate: number, sound: Sound): Promise<void> {
  const rate = isNative(sampleRate) ? sampleRate : 48_000;
  const config = await track.getDecoderConfig();
  const decoder = new OpusDecoder({ ...layoutOf(descriptionBytes(config?.description)), sampleRate: rate });
  await decoder.ready;
  try {
    for await (const { data } of new EncodedPacketSink(track).packets()) {
      if (!isOpusPacket(data)) continue;
      const { channelData, samplesDecoded } = decoder.decodeFrame(data);
      sound.add(
        channelData.map((channel) => channel.subarray(0, samplesDecoded)),
        rate,
      );
    }
  } finally {
    decoder.free();
  }
}

/** What the `OpusHead` packet says about channels and the samples to skip (RFC 7845 §5.1). */
function layoutOf(head: Uint8Array) {
  const mono = { channels: 1, streamCount: 1, coupledStreamCount: 0, channelMappingTable: [0], preSkip: 0 };
  const preSkip = (head[10] ?? 0) + 256 * (head[11] ?? 0);
  const channels = head[9] ?? 1;
  // One or two channels are mixed by the decoder itself; more of them come with a table.
  if ((head[18] ?? 0) === 0 || channels <= 2 || channels > 8) return { ...mono, preSkip };
  return {
    channels,
    streamCount: head[19] ?? 1,
    coupledStreamCount: head[20] ?? 0,
    channelMappingTable: [...head.subarray(21, 21 + channels)],
    preSkip,
  };
}
