import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ground, layGround, startServer, type TestServer } from '../../support/servers.js';
import { call, type SpeechDevice, signIn } from '../../support/speech-client.js';

const isOnPath = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe('the builtin voice, end to end', () => {
  let ground: Ground;
  let server: TestServer;
  let device: SpeechDevice;
  const folder = mkdtempSync(join(tmpdir(), 'earshot-heard-'));
  beforeAll(async () => {
    ground = await layGround('SQLite and files');
    server = await startServer(ground);
    device = await signIn(server.url);
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const hear = async (text: string, more: Record<string, unknown> = {}) => {
    const { ordered, status } = await device.speak(text, more);
    expect(status.json).toMatchObject({ status: 'ready' });
    const { bytes } = await device.download(ordered.json.file_id);
    const file = join(folder, `${ordered.json.file_id}.${more.format ?? 'mp3'}`);
    writeFileSync(file, bytes);
    return { bytes, file, id: ordered.json.file_id as string };
  };

  it('is loud enough to be heard and as long as the text asks for', async () => {
    const { bytes } = await hear('The quick brown fox jumps over the lazy dog near the river bank.', {
      format: 'pcm',
    });
    const seconds = bytes.length / 2 / 24_000;
    expect(seconds).toBeGreaterThan(2.5);
    expect(seconds).toBeLessThan(7);
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 2));
    const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    expect(loudness).toBeGreaterThan(500);
  });

  it.skipIf(!isOnPath('pocketsphinx_continuous') || !isOnPath('ffmpeg'))(
    'says the words: a recogniser hears most of them',
    async () => {
      const text = 'please remember to open the window in the morning and close the door at night';
      const { file } = await hear(text, { voice: 'nova' });
      const wav = join(folder, 'heard.wav');
      execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', file, '-ar', '16000', '-ac', '1', wav]);
      const heard = execFileSync('pocketsphinx_continuous', ['-infile', wav, '-logfn', '/dev/null'], {
        encoding: 'utf8',
      });
      const words = new Set(heard.toLowerCase().split(/\W+/));
      const recognised = text.split(' ').filter((word) => words.has(word));
      expect(recognised.length / text.split(' ').length).toBeGreaterThan(0.6);
    },
  );

  it.skipIf(!isOnPath('ffprobe'))(
    'makes one valid file of a long text in every format, of the length that it says',
    async () => {
      const text =
        'This is a sentence of a rather long text that has to be spoken in several pieces. '.repeat(70);
      const { formats } = server.built.platform.speech.synthesizer;
      expect(formats).toEqual(expect.arrayContaining(['mp3', 'opus', 'flac', 'wav', 'pcm']));
      for (const format of formats.filter((name) => name !== 'pcm')) {
        const { file, id } = await hear(text, { format, speed: 2 });
        const probed = JSON.parse(
          execFileSync('ffprobe', ['-v', 'error', '-show_format', '-of', 'json', file], { encoding: 'utf8' }),
        );
        const decoded = execFileSync(
          'ffmpeg',
          ['-v', 'error', '-i', file, '-f', 's16le', '-ac', '1', '-ar', '24000', '-'],
          {
            maxBuffer: 1 << 28,
          },
        );
        const seconds = decoded.length / 2 / 24_000;
        const listed: { id: string; duration_seconds: number }[] = (await device.call('/tts/files')).json;
        const told = listed.find((one) => one.id === id)?.duration_seconds ?? 0;
        expect(seconds, format).toBeGreaterThan(60);
        expect(Math.abs(told - seconds), `${format}: told ${told}, decoded ${seconds}`).toBeLessThan(0.5);
        if (format !== 'aac')
          expect(Math.abs(Number(probed.format.duration) - seconds), format).toBeLessThan(0.5);
      }
    },
    120_000,
  );

  it('speaks twice as fast when asked to', async () => {
    const text = 'How long this takes depends on how fast it is spoken, and nothing else.';
    const normal = await hear(text, { format: 'pcm' });
    const fast = await hear(text, { format: 'pcm', speed: 2 });
    const ratio = normal.bytes.length / fast.bytes.length;
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(2.4);
  });

  it('needs no key in the request and answers the server at once while it speaks', async () => {
    const ordered = await device.generate('Busy work for the voice. '.repeat(400), {
      openai_token: undefined,
    });
    expect(ordered.status).toBe(200);
    const times: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const began = performance.now();
      await call(`${server.url}/health`);
      times.push(performance.now() - began);
    }
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(100);
  });

  it('takes texts with nothing to pronounce without falling over', async () => {
    for (const text of ['🎉🎉🎉', '漢字', '...', 'a']) await hear(text, { format: 'wav' });
  });
});
