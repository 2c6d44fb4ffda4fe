import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { speechFormats } from '../../../src/platform/ai/speech-synthesizer.js';
import { audioContainer } from '../../../src/platform/audio/container.js';
import { decodeAudio } from '../../../src/platform/audio/decoding/decode.js';
import { encodeSpeech } from '../../../src/platform/audio/encode.js';
import { bytesOf, samplesOf } from '../../../src/platform/audio/pcm.js';
import { createResampler, resample } from '../../../src/platform/audio/resample.js';
import { wavFile } from '../../../src/platform/audio/wav.js';
import { AppError } from '../../../src/platform/http/errors.js';
import { hiss, loudness, pitchOf, sine } from '../../support/sound.js';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const aloud = hasFfmpeg ? '' : ' (SKIPPED: ffmpeg is not on the PATH)';
const sampleRate = 16_000;
const decode = (bytes: Uint8Array, maxSeconds = 120, signal?: AbortSignal) =>
  decodeAudio(bytes, { sampleRate, maxSeconds, signal });

/** The refusal of a recording. */
async function refusal(bytes: Uint8Array, maxSeconds?: number): Promise<AppError> {
  const error = await decode(bytes, maxSeconds).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`Not refused: ${error}`);
  return error;
}

/** Repeatable random numbers from 0 to 1. */
function randomness(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-decoding-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** Three seconds of a tone at 44.1 kHz in stereo, in a container and codec. */
function recording(name: string, ...settings: string[]): Uint8Array {
  const path = join(folder, name);
  const source = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3:sample_rate=44100'];
  const run = spawnSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...source,
    '-af',
    'volume=4',
    '-ac',
    '2',
    ...settings,
    path,
  ]);
  expect(run.stderr.toString()).toBe('');
  return readFileSync(path);
}

/** What phones, browsers and recorders send. */
const recordings: readonly (readonly [string, ...string[]])[] = [
  ['u8.wav', '-c:a', 'pcm_u8'],
  ['s16.wav', '-c:a', 'pcm_s16le'],
  ['s24.wav', '-c:a', 'pcm_s24le'],
  ['s32.wav', '-c:a', 'pcm_s32le'],
  ['float.wav', '-c:a', 'pcm_f32le'],
  ['mulaw.wav', '-c:a', 'pcm_mulaw'],
  ['alaw.wav', '-c:a', 'pcm_alaw'],
  ['sound.mov', '-c:a', 'pcm_s16le'],
  ['16.flac', '-c:a', 'flac', '-sample_fmt', 's16'],
  ['24.flac', '-c:a', 'flac', '-sample_fmt', 's32'],
  ['flac.mkv', '-c:a', 'flac'],
  ['flac.mp4', '-c:a', 'flac', '-strict', '-2'],
  ['opus.ogg', '-c:a', 'libopus'],
  ['opus.webm', '-c:a', 'libopus'],
  ['opus.mp4', '-c:a', 'libopus', '-strict', '-2'],
  ['voice.webm', '-c:a', 'libopus', '-ac', '1', '-b:a', '16k', '-application', 'voip'],
  ['sound.mp3', '-c:a', 'libmp3lame'],
  ['variable.mp3', '-c:a', 'libmp3lame', '-q:a', '7'],
  ['vorbis.ogg', '-c:a', 'libvorbis'],
  ['vorbis.webm', '-c:a', 'libvorbis'],
  ['index-at-the-end.m4a', '-c:a', 'aac'],
  ['fragments.mp4', '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov+default_base_moof'],
  ['raw.aac', '-c:a', 'aac'],
];

describe.skipIf(!hasFfmpeg)(`decoding a recording${aloud}`, () => {
  it.each(recordings)('hears the tone in %s', async (name, ...settings) => {
    const bytes = recording(name, ...settings);
    expect(audioContainer(bytes)).toBeDefined();
    const { samples, duration } = await decode(bytes);
    expect(samples.length).toBe(duration * sampleRate);
    expect(Math.abs(duration - 3)).toBeLessThan(0.06);
    expect(Math.abs(pitchOf(samples, sampleRate) - 440)).toBeLessThan(5);
    const full = loudness(samples.subarray(sampleRate, 2 * sampleRate));
    expect(full).toBeGreaterThan(7_500);
    expect(full).toBeLessThan(name === 'voice.webm' ? 12_000 : 8_800); // Mono does not share its power.
  });

  it('takes the sound out of a film', async () => {
    const path = join(folder, 'film.mp4');
    const film = [
      '-f',
      'lavfi',
      '-i',
      'testsrc=duration=1:size=64x64:rate=5',
      '-f',
      'lavfi',
      '-i',
      'sine=duration=1',
    ];
    spawnSync('ffmpeg', ['-v', 'error', '-y', ...film, path]);
    expect((await decode(readFileSync(path))).duration).toBeCloseTo(1, 0);
  });

  it('refuses a film without sound', async () => {
    const path = join(folder, 'silent.mp4');
    spawnSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-i',
      'testsrc=duration=1:size=64x64:rate=5',
      path,
    ]);
    expect((await refusal(readFileSync(path))).code).toBe('UNSUPPORTED_FORMAT');
  });

  it('says what it can read when ffmpeg is not there', async () => {
    const bytes = recording('alone.mp3', '-c:a', 'libmp3lame');
    vi.stubEnv('PATH', folder);
    const { code, statusCode, message } = await refusal(bytes);
    expect({ code, statusCode }).toEqual({ code: 'UNSUPPORTED_FORMAT', statusCode: 400 });
    expect(message).toContain('MP3');
    expect(message).toContain('WAV');
  });

  it('refuses a recording that is too long, whoever decodes it', async () => {
    for (const name of ['sound.mp3', 's16.wav', 'opus.webm', '16.flac', 'index-at-the-end.m4a'])
      expect((await refusal(readFileSync(join(folder, name)), 2)).code, name).toBe('TOO_LARGE');
  });

  it('hears what there is of a recording that breaks off', async () => {
    for (const name of [
      's16.wav',
      'opus.ogg',
      'opus.webm',
      '16.flac',
      'sound.mp3',
      'fragments.mp4',
      'raw.aac',
    ]) {
      const whole = readFileSync(join(folder, name));
      const { duration } = await decode(whole.subarray(0, Math.round(whole.length * 0.6)));
      expect(duration, name).toBeGreaterThan(0.5);
      expect(duration, name).toBeLessThan(2.6);
    }
  });

  it('survives every kind of damage with sound or a refusal, soon', { timeout: 120_000 }, async () => {
    const random = randomness(7);
    const names = [
      's16.wav',
      'opus.ogg',
      'opus.webm',
      '16.flac',
      'sound.mp3',
      'index-at-the-end.m4a',
      'vorbis.ogg',
    ];
    for (const name of names)
      for (let round = 0; round < 12; round += 1) {
        const bytes = Uint8Array.from(readFileSync(join(folder, name)));
        const end = round % 3 === 0 ? Math.round(bytes.length * random()) : bytes.length;
        for (let change = 0; change < 30; change += 1)
          bytes[Math.floor(random() * (round % 2 === 0 ? 400 : bytes.length))] = random() * 256;
        const began = performance.now();
        const result = await decode(bytes.subarray(0, end)).then(
          ({ duration }) => duration,
          (error: unknown) => error,
        );
        if (typeof result !== 'number') {
          expect(result, `${name} ${round}`).toBeInstanceOf(AppError);
          expect(result, `${name} ${round}`).toMatchObject({
            statusCode: expect.toSatisfy((status) => status < 500),
          });
        }
        expect(performance.now() - began, `${name} ${round}`).toBeLessThan(10_000);
      }
  });
});

describe('decoding without ffmpeg', () => {
  it.each(speechFormats.filter((format) => ['wav', 'flac', 'opus'].includes(format)))(
    'hears what the %s encoder wrote',
    async (format) => {
      vi.stubEnv('PATH', folder);
      const { samples, duration } = await decode(await encodeSpeech(sine(440, 1.5, 24_000), format));
      expect(duration).toBeCloseTo(1.5, 1);
      expect(Math.abs(pitchOf(samples, sampleRate) - 440)).toBeLessThan(5);
    },
  );

  it('gives the samples of a file at the asked rate exactly as they are', async () => {
    const samples = hiss(2, sampleRate, 9_000);
    expect((await decode(wavFile(samples, sampleRate))).samples).toEqual(samples);
  });

  it('believes the bytes that are there, not the sizes that are declared', async () => {
    const streamed = Buffer.from(wavFile(sine(440, 1, sampleRate), sampleRate));
    streamed.writeUInt32LE(0xffff_ffff, 4);
    streamed.writeUInt32LE(0xffff_ffff, 40);
    expect((await decode(streamed)).duration).toBeCloseTo(1, 1);
    const before = process.memoryUsage().rss;
    const giant = Buffer.from(wavFile(new Int16Array(100), sampleRate));
    giant.writeUInt32LE(0x7fff_fff0, 40);
    await decode(giant).catch((error: unknown) => expect(error).toBeInstanceOf(AppError));
    const box = Buffer.concat([
      Buffer.from('\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42', 'latin1'),
      Buffer.from('\x7f\xff\xff\xffmoov', 'latin1'),
      Buffer.alloc(64),
    ]);
    expect((await refusal(box)).statusCode).toBe(400);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(255)],
    ['a text', Buffer.from('This is not a recording at all, but a text that somebody sent instead of one.')],
    ['a playlist that names other files', Buffer.from('#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:1/secret.ts\n')],
    ['a header without sound', wavFile(new Int16Array(0), sampleRate)],
    ['marks of containers with nothing behind', Buffer.from('OggS')],
    ['zeros', new Uint8Array(100_000)],
  ])('refuses %s', async (_, bytes) => {
    const { code, statusCode } = await refusal(bytes);
    expect({ code, statusCode }).toEqual({ code: 'UNSUPPORTED_FORMAT', statusCode: 400 });
  });

  it('refuses random bytes', async () => {
    const random = randomness(3);
    for (let round = 0; round < 20; round += 1) {
      const bytes = Uint8Array.from({ length: Math.round(random() * 20_000) }, () => random() * 256);
      expect((await refusal(bytes)).statusCode).toBe(400);
    }
  });

  it('ends with its signal', async () => {
    const reason = new Error('the caller has gone');
    await expect(
      decode(wavFile(hiss(60, sampleRate, 9_000), sampleRate), 120, AbortSignal.abort(reason)),
    ).rejects.toBe(reason);
    const controller = new AbortController();
    const decoding = decode(wavFile(hiss(60, 48_000, 9_000), 48_000), 120, controller.signal);
    controller.abort(reason);
    await expect(decoding).rejects.toBe(reason);
  });

  it('reads samples from bytes at any place of a buffer, and leaves an odd byte out', () => {
    const bytes = Buffer.from([9, 1, 0, 2, 0, 7]);
    expect([...samplesOf(bytes.subarray(1))]).toEqual([1, 2]);
    expect([...bytesOf(Int16Array.of(1, 2))]).toEqual([1, 0, 2, 0]);
  });
});

describe('changing the rate piece by piece', () => {
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [8_000, 24_000],
    [16_000, 16_000],
  ])('gives the same from %i to %i as at once', (from, to) => {
    const sound = hiss(0.5, from, 9_000);
    const resampler = createResampler(from, to);
    const found: number[] = [];
    for (let at = 0; at < sound.length; at += 333)
      found.push(...resampler.push(sound.subarray(at, at + 333)));
    found.push(...resampler.end());
    const expected = resample(sound, from, to);
    expect(found.length).toBe(expected.length);
    expect(
      Math.max(...found.map((sample, index) => Math.abs(sample - (expected[index] ?? 0)))),
    ).toBeLessThanOrEqual(1);
  });
});
