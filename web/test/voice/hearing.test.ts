import { describe, expect, it } from 'vitest';
import { createPauseDetector } from '../../src/pages/voice/hearing/pause.ts';
import { wordsOf } from '../../src/pages/voice/hearing/recognition.ts';
import { wavOf } from '../../src/pages/voice/hearing/recording.ts';
import { createResampler, levelOf, toPcm16 } from '../../src/sound/resampler.ts';

describe('what browsers recognise', () => {
  it.each([
    ['one result', ['what is glass'], 'what is glass'],
    ['results after each other', ['what is', ' glass'], 'what is glass'],
    ['results that repeat what was said', ['what', 'what is', 'What is glass'], 'What is glass'],
    ['the same result twice', ['what is glass', 'what is glass'], 'what is glass'],
    ['nothing', [], ''],
    ['an empty result', ['', 'yes'], 'yes'],
  ])('is read from %s', (_, transcripts, words) => expect(wordsOf(transcripts)).toBe(words));
});

/** Feeds a level for so many milliseconds, 40 at a time; the first verdict that ends it, or the last. */
function hear(hear: ReturnType<typeof createPauseDetector>, level: number, ms: number): string {
  let heard: string = '';
  for (let passed = 0; passed < ms; passed += 40) {
    heard = hear(level, 40);
    if (heard === 'over' || heard === 'nothing') return heard;
  }
  return heard;
}

describe('the end of an utterance', () => {
  it('is a pause after speech', () => {
    const detector = createPauseDetector();
    expect(hear(detector, 0.002, 600)).toBe('silence');
    expect(hear(detector, 0.1, 1_500)).toBe('speech');
    expect(hear(detector, 0.002, 600)).toBe('silence');
    expect(hear(detector, 0.1, 500)).toBe('speech');
    expect(hear(detector, 0.002, 1_500)).toBe('over');
  });
  it('is found in a noisy room too', () => {
    const detector = createPauseDetector();
    hear(detector, 0.011, 3_000);
    expect(hear(detector, 0.2, 1_000)).toBe('speech');
    expect(hear(detector, 0.015, 1_500)).toBe('over');
  });
  it('comes without words when nobody speaks', () => {
    expect(hear(createPauseDetector(), 0.002, 20_000)).toBe('nothing');
  });
  it('comes in the end for somebody who never pauses', () => {
    expect(hear(createPauseDetector(), 0.2, 90_000)).toBe('over');
  });
});

describe('the resampler', () => {
  const sine = (hertz: number, rate: number, seconds: number) =>
    Float32Array.from({ length: rate * seconds }, (_, index) =>
      Math.sin((2 * Math.PI * hertz * index) / rate),
    );
  const through = (from: number, input: Float32Array): Float32Array => {
    const resample = createResampler(from, 24_000);
    const pieces: number[] = [];
    for (let start = 0; start < input.length; start += 128)
      pieces.push(...resample(input.subarray(start, start + 128)));
    return Float32Array.from(pieces);
  };
  it.each([44_100, 48_000, 24_000, 96_000])('keeps length and tone of sound at %i Hz', (rate) => {
    const output = through(rate, sine(440, rate, 1));
    expect(Math.abs(output.length - 24_000)).toBeLessThanOrEqual(1);
    let crossings = 0;
    for (let index = 1; index < output.length; index += 1)
      if ((output[index - 1] ?? 0) < 0 && (output[index] ?? 0) >= 0) crossings += 1;
    expect(Math.abs(crossings - 440)).toBeLessThanOrEqual(2);
    expect(levelOf(output)).toBeCloseTo(Math.SQRT1_2, 2);
  });
  it('is the same however the sound is cut', () => {
    const input = sine(300, 44_100, 0.2);
    expect(Array.from(through(44_100, input))).toEqual(Array.from(createResampler(44_100, 24_000)(input)));
  });
  it('holds back what the lower rate cannot hold', () => {
    expect(levelOf(through(48_000, sine(23_000, 48_000, 0.5)))).toBeLessThan(0.1);
  });
  it('clips what is too loud', () => {
    expect([...toPcm16(Float32Array.of(2, -2, 0, 0.5))]).toEqual([32_767, -32_767, 0, 16_384]);
  });
});

it('a recording without a recorder is a WAV file', async () => {
  const file = wavOf([Int16Array.of(1, 2), Int16Array.of(-3)], 24_000);
  const view = new DataView(await file.arrayBuffer());
  const text = (at: number) => String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
  expect([text(0), text(8), text(36)]).toEqual(['RIFF', 'WAVE', 'data']);
  expect([view.getUint32(4, true), view.getUint32(24, true), view.getUint32(40, true)]).toEqual([
    42, 24_000, 6,
  ]);
  expect([view.getInt16(44, true), view.getInt16(48, true), view.byteLength]).toEqual([1, -3, 50]);
  expect(file.type).toBe('audio/wav');
});
