/** Decoding at 8 kHz takes about 2 MB a minute, so files beyond this many bytes get a plain bar. */
const largestBlob = 12_000_000;
const sampleRate = 8_000;

/** The loudness of `count` equal stretches, 0..1, or null when the file is too long to decode for a picture. */
export async function decodePeaks(blob: Blob, count: number): Promise<readonly number[] | null> {
  if (blob.size > largestBlob || typeof OfflineAudioContext === 'undefined') return null;
  const context = new OfflineAudioContext(1, 1, sampleRate);
  const audio = await context.decodeAudioData(await blob.arrayBuffer());
  const samples = audio.getChannelData(0);
  const stretch = samples.length / count;
  const loudness = Array.from({ length: count }, (_, index) => {
    const end = Math.min(samples.length, Math.floor((index + 1) * stretch));
    let sum = 0;
    let counted = 0;
    for (let at = Math.floor(index * stretch); at < end; at += 1) {
      const sample = samples[at] ?? 0;
      sum += sample * sample;
      counted += 1;
    }
    return counted === 0 ? 0 : Math.sqrt(sum / counted);
  });
  const loudest = Math.max(...loudness, 1e-4);
  return loudness.map((value) => value / loudest);
}
