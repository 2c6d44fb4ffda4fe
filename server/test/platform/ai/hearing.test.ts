import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpusScript from 'opusscript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPocketSphinx, wordsOf } from '../../../src/platform/ai/builtin/pocketsphinx.js';
import { createBuiltinSpeechSynthesizer } from '../../../src/platform/ai/builtin/speech-synthesizer.js';
import { createBuiltinTranscriber } from '../../../src/platform/ai/builtin/transcriber.js';
import type { SpeechFormat, SpeechSynthesizer } from '../../../src/platform/ai/speech-synthesizer.js';
import type { Transcriber, TranscriptionEvent } from '../../../src/platform/ai/transcriber.js';
import { decodeAudio } from '../../../src/platform/audio/decoding/decode.js';
import { createOpusPacketDecoder } from '../../../src/platform/audio/opus-stream.js';
import { bytesOf } from '../../../src/platform/audio/pcm.js';
import { joined } from '../../support/sound.js';

const isHere = findPocketSphinx() !== undefined;
const aloud = isHere ? '' : ' (SKIPPED: pocketsphinx is not on the PATH)';
const sampleRate = 16_000;
const sentence = 'The weather in the city is very good today, and we will meet our friends at the river.';

/** The part of the words said that was heard. */
function share(heard: string, said = sentence): number {
  const found = new Set(heard.toLowerCase().match(/[a-z]+/g));
  const words = said.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.filter((word) => found.has(word)).length / words.length;
}

describe('reading what PocketSphinx writes', () => {
  it('takes words and times, and leaves silence, noise and marks out', () => {
    const line =
      'utterance-1 S 0 T -1 A -2 L -3 0 -4 0 <s> 15 -5 -6 hello(2) 53 -7 -8 <sil> 84 -9 -10 ++NOISE++ 88 -11 -12 there 120 -13 -14 </s> 130';
    expect(wordsOf(line)).toEqual([
      { text: 'hello', start: 0.15, end: 0.53 },
      { text: 'there', start: 0.88, end: 1.2 },
    ]);
    expect(wordsOf('utterance-2 S 0 T 0 A 0 L 0 132')).toEqual([]);
  });
});

describe.skipIf(!isHere)(`hearing the built-in voices${aloud}`, { timeout: 60_000 }, () => {
  let scratchDirectory: string;
  let transcriber: Transcriber;
  let voices: SpeechSynthesizer;
  const speak = (voice: string, format: SpeechFormat, text = sentence) =>
    voices.synthesize({ text, voice, model: 'tts-1', format, speed: 1 });
  const samplesOfSpeech = async (voice: string, text = sentence) =>
    (await decodeAudio(await speak(voice, 'wav', text), { sampleRate, maxSeconds: 60 })).samples;

  beforeAll(() => {
    scratchDirectory = mkdtempSync(join(tmpdir(), 'earshot-hearing-'));
    transcriber = createBuiltinTranscriber({ scratchDirectory });
    voices = createBuiltinSpeechSynthesizer();
  });
  afterAll(async () => {
    await transcriber.close();
    await voices.close();
    expect(readdirSync(scratchDirectory)).toEqual([]);
    rmSync(scratchDirectory, { recursive: true, force: true });
  });

  it.each([
    ['alloy', 'wav'],
    ['echo', 'flac'],
    ['verse', 'opus'],
  ] as const)('gives most words of %s back from %s, each with its time', async (voice, format) => {
    const { text, words = [], duration, language } = await transcriber.transcribe(await speak(voice, format));
    expect(share(text)).toBeGreaterThan(0.8);
    expect(language).toBe('en');
    expect(words.length).toBeGreaterThan(10);
    const times = words.map(({ start }) => start);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(words.at(-1)?.end).toBeLessThanOrEqual(duration);
  });

  it('understands a phone’s live Opus packets, one segment per sentence', async () => {
    const frame = sampleRate / 50;
    const pause = new Int16Array(sampleRate * 1.2);
    const sound = joined(
      await samplesOfSpeech('alloy'),
      pause,
      await samplesOfSpeech('alloy', 'Please call the doctor tomorrow morning.'),
      pause,
    );
    const encoder = new OpusScript(sampleRate, 1, OpusScript.Application.VOIP);
    const decoder = await createOpusPacketDecoder({ packetMilliseconds: 20 });
    const stream = transcriber.stream({ sampleRate });
    for (let at = 0; at + frame <= sound.length; at += frame) {
      const packet = encoder.encode(Buffer.from(bytesOf(sound.slice(at, at + frame))), frame);
      const samples = decoder.decode(packet);
      if (samples && !stream.write(samples)) await stream.drained();
    }
    encoder.delete();
    decoder.free();
    stream.end();
    const heard: TranscriptionEvent[] = [];
    for await (const event of stream.segments) heard.push(event);
    const texts = heard.flatMap((event) => (event.kind === 'segment' ? [event.text] : []));
    expect(texts.length).toBeGreaterThanOrEqual(2);
    expect(share(texts.join(' '), `${sentence} Please call the doctor tomorrow morning.`)).toBeGreaterThan(
      0.75,
    );
  });

  it('hears nothing in a noise, and says so with an empty text', async () => {
    const noise = Int16Array.from(
      { length: 2 * sampleRate },
      (_, index) => ((index * 7_919) % 12_000) - 6_000,
    );
    expect(
      (await transcriber.transcribe({ samples: noise, sampleRate })).text.split(' ').length,
    ).toBeLessThan(4);
  });

  it('listens to more people than it has processes', async () => {
    const samples = await samplesOfSpeech('echo', 'The weather is good today.');
    const heard = await Promise.all(
      Array.from({ length: 8 }, () => transcriber.transcribe({ samples, sampleRate })),
    );
    for (const { text } of heard) expect(share(text, 'The weather is good today.')).toBeGreaterThan(0.7);
  });

  it('stops with the signal, leaves no file behind, and hears the next one', {
    timeout: 20_000,
  }, async () => {
    const samples = await samplesOfSpeech('alloy');
    const controller = new AbortController();
    const reason = new Error('the caller has gone');
    const listening = transcriber.transcribe(
      { samples: joined(samples, samples, samples), sampleRate },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(reason), 150);
    await expect(listening).rejects.toBe(reason);
    expect(share((await transcriber.transcribe({ samples, sampleRate })).text)).toBeGreaterThan(0.8);
    const files = readdirSync(scratchDirectory).flatMap((name) => readdirSync(join(scratchDirectory, name)));
    expect(files).toEqual([]);
  });
});
