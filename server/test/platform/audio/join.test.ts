import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SpeechFormat, speechFormats } from '../../../src/platform/ai/speech-synthesizer.js';
import { audioDuration } from '../../../src/platform/audio/duration.js';
import { encodeSpeech } from '../../../src/platform/audio/encode.js';
import { joinAudioFiles } from '../../../src/platform/audio/join.js';
import { tone } from '../../support/fake-openai.js';

const hasFfmpeg = ['ffmpeg', 'ffprobe'].every((tool) => spawnSync(tool, ['-version']).status === 0);
const aloud = hasFfmpeg ? '' : ' (SKIPPED: ffmpeg and ffprobe are not on the PATH)';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-join-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes pieces of tones with these durations. */
async function pieces(format: SpeechFormat, seconds: readonly number[], name = 'piece'): Promise<string[]> {
  return await Promise.all(
    seconds.map(async (length, index) => {
      const path = join(folder, `${name}-${index}.${format}`);
      writeFileSync(path, await encodeSpeech(tone(300 + 200 * index, length), format));
      return path;
    }),
  );
}

const input = (path: string) =>
  path.endsWith('.pcm') ? ['-f', 's16le', '-ar', '24000', '-i', path] : ['-i', path];

/** Decodes from `from` seconds on; fails on any complaint of ffmpeg about the file. */
function decode(path: string, from = 0): Int16Array {
  const seek = from > 0 ? ['-ss', String(from)] : [];
  const run = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-xerror', ...seek, ...input(path), '-f', 's16le', '-ar', '24000', '-ac', '1', '-'],
    { maxBuffer: 1 << 28 },
  );
  expect(run.stderr.toString()).toBe('');
  expect(run.status).toBe(0);
  return new Int16Array(run.stdout.buffer, run.stdout.byteOffset, run.stdout.length >> 1);
}

const probedDuration = (path: string) =>
  Number(
    execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path]),
  );

/** The frequency at a place, by counting how often the wave crosses zero. */
function frequency(samples: Int16Array, at: number): number {
  const window = samples.subarray(Math.round((at - 0.1) * 24_000), Math.round((at + 0.1) * 24_000));
  let crossings = 0;
  for (let index = 1; index < window.length; index += 1)
    if ((window[index - 1] ?? 0) < 0 && (window[index] ?? 0) >= 0) crossings += 1;
  return crossings / 0.2;
}

/** Coding makes a piece a little longer: up to two frames at each end. */
const slackPerPiece: Readonly<Record<SpeechFormat, number>> = {
  mp3: 0.1,
  opus: 0.03,
  aac: 0.13,
  flac: 0,
  wav: 0,
  pcm: 0,
};

describe.each(speechFormats)('joining %s files', (format) => {
  const lengths = [2, 1.5, 3.3];

  it('copies a single file byte for byte', async () => {
    const [only = ''] = await pieces(format, [0.7], 'only');
    const output = join(folder, `copied.${format}`);
    await joinAudioFiles(format, [only], output);
    expect(readFileSync(output).equals(readFileSync(only))).toBe(true);
  });

  it('makes a file as long as its pieces together', async () => {
    const output = join(folder, `joined.${format}`);
    const inputs = await pieces(format, lengths);
    await joinAudioFiles(format, inputs, output);
    const whole = await audioDuration(output, format);
    expect(whole).toBeGreaterThanOrEqual(6.8 - 0.001);
    expect(whole).toBeLessThanOrEqual(6.8 + 0.001 + 3 * slackPerPiece[format]);
    expect(await audioDuration(readFileSync(output), format)).toBe(whole);
  });

  it.skipIf(!hasFfmpeg)(`decodes without complaint to all the pieces in order${aloud}`, async () => {
    const output = join(folder, `decoded.${format}`);
    await joinAudioFiles(format, await pieces(format, lengths), output);
    const samples = decode(output);
    const whole = samples.length / 24_000;
    expect(Math.abs(whole - (await audioDuration(output, format)))).toBeLessThan(0.06);
    expect(Math.abs(frequency(samples, 1) - 300)).toBeLessThan(20);
    expect(Math.abs(frequency(samples, 2.9) - 500)).toBeLessThan(20);
    expect(Math.abs(frequency(samples, 5.5) - 700)).toBeLessThan(20);
    // ADTS and raw samples have no header that could tell the duration.
    if (format !== 'aac' && format !== 'pcm')
      expect(Math.abs(probedDuration(output) - whole)).toBeLessThan(0.08);
  });

  it.skipIf(!hasFfmpeg)(`lets a player seek into the last piece${aloud}`, async () => {
    const output = join(folder, `sought.${format}`);
    await joinAudioFiles(format, await pieces(format, [20, 20, 20], 'long'), output);
    const whole = await audioDuration(output, format);
    const rest = decode(output, 50);
    // ADTS has no index: players estimate the place from the bit rate.
    const tolerance = format === 'aac' ? 1.5 : 0.15;
    expect(Math.abs(rest.length / 24_000 - (whole - 50))).toBeLessThan(tolerance);
    expect(Math.abs(frequency(rest, 5) - 700)).toBeLessThan(20);
  });

  it.skipIf(!hasFfmpeg)(`joins what other encoders write${aloud}`, async () => {
    const codec = {
      mp3: ['-c:a', 'libmp3lame', '-q:a', '4', '-write_id3v1', '1', '-metadata', 'title=Piece'],
      opus: ['-c:a', 'libopus', '-f', 'ogg'],
      aac: ['-c:a', 'aac', '-f', 'adts'],
      flac: ['-c:a', 'flac', '-metadata', 'title=Piece'],
      wav: ['-c:a', 'pcm_s16le', '-metadata', 'title=Odd'],
      pcm: ['-f', 's16le'],
    }[format];
    const inputs = [300, 500].map((hertz, index) => {
      const path = join(folder, `foreign-${index}.${format}`);
      const source = ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:sample_rate=24000:duration=2`];
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, '-ac', '1', ...codec, path]);
      return path;
    });
    const output = join(folder, `foreign.${format}`);
    await joinAudioFiles(format, inputs, output);
    const samples = decode(output);
    expect(Math.abs(samples.length / 24_000 - 4)).toBeLessThan(0.25);
    expect(Math.abs(frequency(samples, 1) - 300)).toBeLessThan(20);
    expect(Math.abs(frequency(samples, 3) - 500)).toBeLessThan(20);
  });

  it.skipIf(format === 'pcm')(
    'refuses a piece that is not such audio, and leaves no file behind',
    async () => {
      const [good = ''] = await pieces(format, [0.5], 'good');
      const bad = join(folder, `bad.${format}`);
      writeFileSync(bad, '<!doctype html><title>Not audio</title>'.repeat(50));
      const output = join(folder, `refused.${format}`);
      await expect(joinAudioFiles(format, [good, bad], output)).rejects.toMatchObject({
        code: 'UPSTREAM_FAILED',
      });
      expect(() => readFileSync(output)).toThrow(/ENOENT/);
      await expect(audioDuration(readFileSync(bad), format)).rejects.toMatchObject({
        code: 'UPSTREAM_FAILED',
      });
    },
  );

  it('survives pieces cut off at any place', async () => {
    const [piece = ''] = await pieces(format, [0.5], 'cut');
    const bytes = readFileSync(piece);
    for (const part of [0, 0.001, 0.01, 0.03, 0.3, 0.7, 0.999]) {
      const measured = audioDuration(bytes.subarray(0, Math.floor(bytes.length * part)), format);
      const seconds = await measured.catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'UPSTREAM_FAILED' });
        return 0;
      });
      expect(seconds).toBeLessThan(0.7);
    }
  });
});

describe('joining', () => {
  it.skipIf(!hasFfmpeg)(`refuses pieces of different sample rates${aloud}`, async () => {
    for (const format of ['mp3', 'flac', 'wav', 'aac'] as const) {
      const [ours = ''] = await pieces(format, [0.5], 'rate');
      const other = join(folder, `other.${format}`);
      const source = ['-f', 'lavfi', '-i', 'sine=sample_rate=44100:duration=0.5'];
      const muxer = format === 'aac' ? ['-f', 'adts'] : [];
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, '-ac', '2', ...muxer, other]);
      await expect(
        joinAudioFiles(format, [ours, other], join(folder, `mixed.${format}`)),
      ).rejects.toMatchObject({
        code: 'UPSTREAM_FAILED',
        message: expect.stringContaining('sample rates'),
      });
    }
  });

  it('takes WAV pieces whose sizes were not known when they were streamed', async () => {
    const inputs = await pieces('wav', [1, 1], 'streamed');
    for (const path of inputs) {
      const bytes = readFileSync(path);
      bytes.writeUInt32LE(0xffffffff, 4);
      bytes.writeUInt32LE(0xffffffff, 40);
      writeFileSync(path, bytes);
    }
    const output = join(folder, 'streamed.wav');
    await joinAudioFiles('wav', inputs, output);
    const bytes = readFileSync(output);
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
    expect(bytes.readUInt32LE(40)).toBe(2 * 48_000);
    expect(await audioDuration(output, 'wav')).toBe(2);
  });

  it.skipIf(!hasFfmpeg)(`keeps every sample of lossless pieces${aloud}`, async () => {
    const inputs = await pieces('flac', [1.234, 0.01, 2.5], 'lossless');
    const output = join(folder, 'lossless.flac');
    await joinAudioFiles('flac', inputs, output);
    const expected = [1.234, 0.01, 2.5].flatMap((seconds, index) => [...tone(300 + 200 * index, seconds)]);
    expect([...decode(output)]).toEqual(expected);
  });

  it('needs something to join', async () => {
    await expect(joinAudioFiles('mp3', [], join(folder, 'nothing.mp3'))).rejects.toThrow(RangeError);
  });
});
