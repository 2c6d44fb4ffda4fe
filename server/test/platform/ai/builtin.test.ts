import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unreadable, utterances } from '../../../src/platform/ai/builtin/utterances.js';
import { createSpeechEngine, type SpeechEngine } from '../../../src/platform/ai/engines.js';
import {
  type SpeechRequest,
  speechFormats,
  speechVoices,
} from '../../../src/platform/ai/speech-synthesizer.js';
import { audioDuration } from '../../../src/platform/audio/duration.js';
import { pcmSampleRate } from '../../../src/platform/audio/pcm.js';

const sentence = 'The people want to know what time the train will come to the city.';

let engine: SpeechEngine;
beforeAll(() => {
  engine = createSpeechEngine({ engine: 'builtin' });
});
afterAll(() => engine.synthesizer.close());

const speak = (changes: Partial<SpeechRequest> = {}, signal?: AbortSignal) =>
  engine.synthesizer.synthesize(
    { text: sentence, voice: 'nova', model: 'tts-1', format: 'pcm', speed: 1, ...changes },
    signal ? { signal } : {},
  );

const samplesOf = (pcm: Uint8Array) => new Int16Array(pcm.slice().buffer);
const seconds = (pcm: Uint8Array) => pcm.length / 2 / pcmSampleRate;
const loudness = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);

describe('the built-in synthesizer', () => {
  it.each(speechFormats)('speaks a sentence as %s, in the time a person would take', async (format) => {
    expect(engine.synthesizer.formats).toContain(format);
    const duration = await audioDuration(await speak({ format }), format);
    expect(duration).toBeGreaterThan(2.5);
    expect(duration).toBeLessThan(5.5);
  });

  it('is loud enough to hear and not clipped', async () => {
    const samples = samplesOf(await speak());
    expect(loudness(samples)).toBeGreaterThan(1_000);
    expect(samples.filter((sample) => Math.abs(sample) === 32_767).length).toBeLessThan(
      samples.length / 1_000,
    );
  });

  it('gives each of the voices a sound of its own', async () => {
    const sounds = await Promise.all(speechVoices.map((voice) => speak({ voice })));
    expect(new Set(sounds.map((sound) => Buffer.from(sound).toString('base64'))).size).toBe(13);
    expect(sounds.every((sound) => loudness(samplesOf(sound)) > 700)).toBe(true);
  });

  it.each(speechVoices)('keeps the pace asked for with the voice %s', async (voice) => {
    const normal = seconds(await speak({ voice }));
    for (const speed of [0.25, 2, 4])
      expect(normal / seconds(await speak({ voice, speed })) / speed).toBeCloseTo(1, 1);
  });

  it.each(['constructor', 'no-such-voice', ''])(
    'speaks with its usual voice when asked for %j',
    async (voice) => {
      expect(Buffer.from(await speak({ voice })).equals(await speak({ voice: 'alloy' }))).toBe(true);
    },
  );

  const hasRecognizer = spawnSync('pocketsphinx_continuous', ['-help']).error === undefined;
  const hasSox = spawnSync('sox', ['--version']).error === undefined;
  const canHear = hasRecognizer && hasSox;
  it.skipIf(!canHear)(
    `is understood by a speech recognizer${canHear ? '' : ' (SKIPPED: pocketsphinx_continuous or sox is not on the PATH)'}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'earshot-hearing-'));
      try {
        const [spoken, heard] = [join(folder, 'spoken.wav'), join(folder, 'heard.wav')];
        writeFileSync(spoken, await speak({ format: 'wav' }));
        execFileSync('sox', [spoken, '-r', '16000', heard]);
        const arguments_ = ['-infile', heard, '-logfn', '/dev/null'];
        const words = execFileSync('pocketsphinx_continuous', arguments_, { encoding: 'utf8' }).split(/\s+/);
        const expected = sentence.toLowerCase().replace('.', '').split(' ');
        expect(expected.filter((word) => words.includes(word)).length).toBeGreaterThan(0.7 * expected.length);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  it.each([
    ['9,000 unbroken letters in pieces', 'a'.repeat(2_000)],
    ['a long address', `https://example.org/${'path-and-more/'.repeat(140)}`],
    ['text that begins like an option', '-o evil.wav --version'],
    ['control characters', 'one\u0000two\u0007three'],
    ['text of other scripts with some English', '天気 weather сегодня 😀'],
    ['half a surrogate pair', 'one \ud83d two'],
    ['digits and abbreviations', 'Dr. Smith paid $3.50 on 4/5/2024 at 10:30 a.m.'],
    ['nothing but other scripts', '漢字仮名交じり文。'.repeat(200)],
    ['an emoji', '🎉'],
  ])('can speak %s', async (_, text) => {
    const sound = await speak({ text, voice: 'echo' });
    expect(seconds(sound)).toBeGreaterThan(0.3);
    expect(loudness(samplesOf(sound))).toBeGreaterThan(200);
  });

  it('pauses for punctuation only', async () => {
    expect(seconds(await speak({ text: '...' }))).toBe(0.5);
  });

  it('leaves the event loop free', async () => {
    const before = performance.eventLoopUtilization();
    await Promise.all([1, 2, 3].map(() => speak({ text: `${sentence} `.repeat(25), format: 'mp3' })));
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.3);
  });

  it('stops at once when told to, and speaks again afterwards', async () => {
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const text = `${sentence} `.repeat(28);
    const waiting = [1, 2, 3, 4].map(() => speak({ text, format: 'flac' }, controller.signal));
    setTimeout(() => controller.abort(reason), 200);
    const begun = performance.now();
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual(
      Array(4).fill(reason),
    );
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(seconds(await speak())).toBeGreaterThan(2);
  });

  it('refuses work once it is closed, and what was still waiting', async () => {
    const closing = createSpeechEngine({ engine: 'builtin' }).synthesizer;
    const request = {
      text: sentence.repeat(20),
      voice: 'nova',
      model: 'tts-1',
      format: 'mp3',
      speed: 1,
    } as const;
    const running = closing.synthesize(request).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await closing.close();
    expect(await running).toMatchObject({ code: 'UNAVAILABLE' });
    await expect(closing.synthesize(request)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('what the built-in voice says', () => {
  it('is one sentence after the other', () => {
    expect(utterances('One is here. Two is there!\n\nThree')).toEqual([
      'One is here.',
      'Two is there!',
      'Three',
    ]);
  });

  it('is put plainly', () => {
    expect(utterances('“Café” – it’s 5 € … 10€')).toEqual(['"Cafe" , it\'s 5 euros ... 10 euros']);
  });

  it('is honest about a text it cannot read', () => {
    expect(utterances('日本語です。')).toEqual([unreadable]);
    expect(utterances('🎉')).toEqual([unreadable]);
    expect(utterances(' … ! ')).toEqual([]);
  });
});

describe('the built-in key verifier', () => {
  it('takes keys by their shape', async () => {
    await engine.keys.verify('sk-01234567890123456789');
    for (const bad of ['', 'sk-short', 'pk-01234567890123456789', 'sk-0123456789 0123456789'])
      await expect(engine.keys.verify(bad)).rejects.toMatchObject({
        statusCode: 401,
        message: 'Invalid OpenAI API token',
      });
  });
});
