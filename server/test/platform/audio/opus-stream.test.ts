import OpusScript from 'opusscript';
import { describe, expect, it, vi } from 'vitest';
import { isOpusPacket } from '../../../src/platform/audio/opus-packet.js';
import { createOpusPacketDecoder } from '../../../src/platform/audio/opus-stream.js';
import { bytesOf } from '../../../src/platform/audio/pcm.js';
import { joined, loudness, pitchOf, sine } from '../../support/sound.js';

const sampleRate = 16_000;

/** Two seconds of a tone as raw packets, as devices send them. */
function packets(milliseconds: 10 | 20): Uint8Array[] {
  const encoder = new OpusScript(sampleRate, 1, OpusScript.Application.VOIP);
  const frame = (sampleRate * milliseconds) / 1000;
  const sound = sine(300, 2, sampleRate);
  const encoded = Array.from({ length: sound.length / frame }, (_, index) =>
    Uint8Array.from(
      encoder.encode(Buffer.from(bytesOf(sound.slice(index * frame, (index + 1) * frame))), frame),
    ),
  );
  encoder.delete();
  return encoded;
}

async function decoded(stream: readonly Uint8Array[], packetMilliseconds?: number): Promise<Int16Array> {
  const decoder = await createOpusPacketDecoder(
    packetMilliseconds === undefined ? {} : { packetMilliseconds },
  );
  const parts = stream.flatMap((packet) => decoder.decode(packet) ?? []);
  decoder.free();
  return joined(...parts);
}

describe.each([10, 20] as const)('a live stream of %i ms packets', (milliseconds) => {
  const stream = packets(milliseconds);

  it('becomes the sound that went in', async () => {
    const sound = await decoded(stream);
    expect(sound.length).toBe(2 * sampleRate);
    expect(Math.abs(pitchOf(sound, sampleRate) - 300)).toBeLessThan(5);
    expect(loudness(sound.subarray(8_000, 24_000))).toBeGreaterThan(4_000);
  });

  it('is heard as well behind the 3-byte headers of old apps, whatever they count', async () => {
    const plain = await decoded(stream);
    const headed = stream.map((packet, index) =>
      Uint8Array.from([index & 255, index >> 8, index % 3, ...packet]),
    );
    const sound = await decoded(headed, milliseconds);
    expect(Math.abs(sound.length - plain.length)).toBeLessThanOrEqual(sampleRate / 50);
    expect(Math.abs(pitchOf(sound, sampleRate) - 300)).toBeLessThan(5);
  });

  it('goes on behind lost, empty and broken packets', async () => {
    const broken = stream.map((packet, index) =>
      index % 10 === 3 ? new Uint8Array(0) : index % 10 === 7 ? Uint8Array.of(255, 255, 255) : packet,
    );
    const sound = await decoded(broken);
    expect(sound.length).toBe(stream.length * 0.8 * (sampleRate / 1000) * milliseconds);
    expect(Math.abs(pitchOf(sound, sampleRate) - 300)).toBeLessThan(12);
  });
});

describe('packets that are none', () => {
  it('are skipped without a word on the console, and never harm the stream', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const decoder = await createOpusPacketDecoder();
    let state = 1;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state / 2 ** 31;
    };
    for (let round = 0; round < 5_000; round += 1) {
      const length = Math.floor(random() * (round % 50 === 0 ? 70_000 : 200));
      const packet = Uint8Array.from({ length }, () => random() * 256);
      const samples = decoder.decode(packet);
      if (!isOpusPacket(packet) && !isOpusPacket(packet.subarray(3))) expect(samples).toBeUndefined();
      else expect(samples?.length).toBeLessThanOrEqual(sampleRate * 0.12);
    }
    const [first] = packets(20);
    expect(first && decoder.decode(first)?.length).toBe(320);
    decoder.free();
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
  });
});
