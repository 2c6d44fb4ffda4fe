/** The longest that the decoder's input holds; a packet of 20 ms has at most 1,275 bytes. */
const longestPacket = 3_840;
/** The longest sound in one packet, in samples at 48 kHz: 120 ms (RFC 6716 §3.2.5). */
const longestSound = 5_760;
/** Samples at 48 kHz in an Opus packet, from its first two bytes (RFC 6716 §3.1). */
export function opusPacketSamples(packet: Uint8Array): number {
  const [toc = 0, second = 0] = packet;
  const configuration = toc >> 3;
  const frame =
    configuration < 12
      ? ([480, 960, 1920, 2880][configuration & 3] ?? 0)
      : configuration < 16
        ? ([480, 960][configuration & 1] ?? 0)
        : ([120, 240, 480, 960][configuration & 3] ?? 0);
  const code = toc & 3;
  return frame * (code === 0 ? 1 : code === 3 ? second & 0x3f : 2);
}

/**
 * Whether the lengths within a packet fit together (RFC 6716 §3.4): the only thing for which libopus refuses a packet.
 * Asked beforehand, because its wrapper writes a line to the console for each refusal.
 */
export function isOpusPacket(packet: Uint8Array): boolean {
  const { length } = packet;
  if (length === 0 || length > longestPacket) return false;
  const code = (packet[0] ?? 0) & 3;
  const longestFrame = 1_275;
  if (code === 0) return length - 1 <= longestFrame;
  if (code === 1) return length % 2 === 1 && (length - 1) / 2 <= longestFrame;
  if (code === 2) {
    const { size, bytes } = frameLength(packet, 1);
    return bytes > 0 && 1 + bytes + size <= length && length - 1 - bytes - size <= longestFrame;
  }
  return hasSoundFrames(packet, longestFrame);
}

/** Code 3 packets: a count of frames, padding, and one length or many (RFC 6716 §3.2.5). */
function hasSoundFrames(packet: Uint8Array, longestFrame: number): boolean {
  if (packet.length < 2) return false;
  const second = packet[1] ?? 0;
  const count = second & 0x3f;
  const hasPadding = (second & 0x40) !== 0;
  const isVariable = (second & 0x80) !== 0;
  if (count === 0 || opusPacketSamples(packet) > longestSound) return false;
  let position = 2;
  let end = packet.length;
  for (let more = hasPadding; more; ) {
    if (position >= end) return false;
    const byte = packet[position] ?? 0;
    position += 1;
    more = byte === 255;
    end -= more ? 254 : byte;
  }
  if (!isVariable)
    return end >= position && (end - position) % count === 0 && (end - position) / count <= longestFrame;
  let total = 0;
  for (let frame = 1; frame < count; frame += 1) {
    const { size, bytes } = frameLength(packet, position);
    if (bytes === 0 || position + bytes > end) return false;
    position += bytes;
    total += size;
  }
  return end - position >= total && end - position - total <= longestFrame;
}

/** A frame's length in one or two bytes (RFC 6716 §3.2.1); `bytes` is 0 when it is cut off. */
function frameLength(packet: Uint8Array, position: number): { size: number; bytes: 0 | 1 | 2 } {
  const first = packet[position];
  if (first === undefined) return { size: 0, bytes: 0 };
  if (first < 252) return { size: first, bytes: 1 };
  const second = packet[position + 1];
  return second === undefined ? { size: 0, bytes: 0 } : { size: second * 4 + first, bytes: 2 };
}
