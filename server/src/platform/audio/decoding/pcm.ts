import { AudioSampleSink, type InputAudioTrack } from 'mediabunny';
import type { Sound } from './sound.js';

/** Linear samples of all widths, mu-law and A-law. */
export async function decodePcm(track: InputAudioTrack, sound: Sound): Promise<void> {
  for await (const sample of new AudioSampleSink(track).samples()) {
    const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
      const channel = new Float32Array(sample.numberOfFrames);
      sample.copyTo(channel, { planeIndex, format: 'f32-planar' });
      return channel;
    });
    sound.add(channels, sample.sampleRate);
    sample.close();
  }
}
