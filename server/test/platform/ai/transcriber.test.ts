import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinTranscriber } from '../../../src/platform/ai/builtin/transcriber.js';
import { createOpenAITranscriber } from '../../../src/platform/ai/openai/transcriber.js';
import { createSherpaTranscriber } from '../../../src/platform/ai/sherpa/transcriber.js';
import type {
  Transcriber,
  TranscriptionEvent,
  TranscriptionStream,
} from '../../../src/platform/ai/transcriber.js';
import { createTranscriber } from '../../../src/platform/ai/transcription-engine.js';
import { wavFile, wavSamples } from '../../../src/platform/audio/wav.js';
import { AppError } from '../../../src/platform/http/errors.js';
import {
  type FakeTranscription,
  fakeWords,
  startFakeTranscription,
} from '../../support/fake-openai-audio.js';
import { babble, joined } from '../../support/sound.js';

const sampleRate = 16_000;
const key = 'sk-the-callers-own-secret-key';
const silence = (seconds: number) => new Int16Array(seconds * sampleRate);
/** Two utterances: 1 to 3 s, and 4.5 to 6 s. */
const speech = joined(silence(1), babble(2, sampleRate), silence(1.5), babble(1.5, sampleRate), silence(1));

let folder: string;
let upstream: FakeTranscription;
const opened: Transcriber[] = [];
const kept = <T extends Transcriber>(transcriber: T): T => {
  opened.push(transcriber);
  return transcriber;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-transcriber-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const transcriber of opened.splice(0)) await transcriber.close();
  await upstream?.close();
});

const scratch = () => {
  const directory = join(folder, 'scratch');
  mkdirSync(directory, { recursive: true });
  return directory;
};
const realtime = (options: Partial<Parameters<typeof createOpenAITranscriber>[1]> = {}) =>
  kept(createOpenAITranscriber({ baseUrl: upstream.baseUrl }, { streaming: 'realtime', ...options }));
const files = (options: Parameters<typeof createOpenAITranscriber>[1] = {}) =>
  kept(createOpenAITranscriber({ baseUrl: upstream.baseUrl }, options));

/** Writes the sound in pieces of 20 ms, as fast as the stream takes them, and ends. */
async function speak(stream: TranscriptionStream, sound: Int16Array): Promise<void> {
  for (let at = 0; at < sound.length; at += 320)
    if (!stream.write(sound.subarray(at, at + 320))) await stream.drained();
  stream.end();
}

async function heard(stream: TranscriptionStream, sound: Int16Array): Promise<TranscriptionEvent[]> {
  const events: TranscriptionEvent[] = [];
  const speaking = speak(stream, sound);
  for await (const event of stream.segments) events.push(event);
  await speaking;
  return events;
}

const finals = (events: readonly TranscriptionEvent[]) =>
  events.flatMap((event) => (event.kind === 'segment' && event.isFinal ? [event] : []));
const failures = (events: readonly TranscriptionEvent[]) =>
  events.flatMap((event) => (event.kind === 'failed' ? [event] : []));

async function refusal(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`Not refused: ${error}`);
  return error;
}

const adapters: readonly (readonly [string, () => Transcriber])[] = [
  ['builtin', () => kept(createBuiltinTranscriber({ scratchDirectory: scratch(), wordsBy: 'none' }))],
  ['openai, by files', () => files()],
  ['openai, realtime', () => realtime()],
];

describe.each(adapters)('a transcriber: %s', (_, create) => {
  const start = async () => {
    upstream = await startFakeTranscription();
    return create();
  };

  it('transcribes samples and files, with times and duration', async () => {
    const transcriber = await start();
    for (const audio of [{ samples: speech, sampleRate }, wavFile(speech, sampleRate)]) {
      const { text, segments, duration } = await transcriber.transcribe(audio, { apiKey: key });
      expect(text).not.toBe('');
      expect(duration).toBeGreaterThan(1);
      expect(segments.length).toBeGreaterThan(0);
      for (const { start: from, end, text: words } of segments) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(from);
        expect(words.trim()).toBe(words);
      }
    }
  });

  it('refuses what is not a recording, and tells why', async () => {
    const error = await refusal(
      (await start()).transcribe(Buffer.from('a letter, not a sound'), { apiKey: key }),
    );
    expect(error).toMatchObject({ statusCode: 400, code: 'UNSUPPORTED_FORMAT' });
    expect(upstream.requests).toEqual([]);
  });

  it('hears two live utterances in order, at their places, each with an id of its own', async () => {
    const segments = finals(await heard((await start()).stream({ sampleRate, apiKey: key }), speech));
    expect(segments).toHaveLength(2);
    const [first, second] = segments;
    expect(first?.start).toBeGreaterThan(0.5);
    expect(first?.start).toBeLessThan(1.1);
    expect(first?.end).toBeGreaterThan(2.8);
    expect(first?.end).toBeLessThan(3.4);
    expect(second?.start).toBeGreaterThan(4);
    expect(second?.end).toBeLessThan(6.4);
    expect(first?.id).not.toBe(second?.id);
  });

  it('says nothing about silence', async () => {
    expect(await heard((await start()).stream({ sampleRate, apiKey: key }), silence(5))).toEqual([]);
    expect(upstream.requests.length + upstream.committed.length).toBe(0);
  });

  it('ends the iteration when it is closed, aborted or left, and takes more audio without a word', async () => {
    const transcriber = await start();
    const closed = transcriber.stream({ sampleRate, apiKey: key });
    closed.write(speech);
    closed.close();
    for await (const _event of closed.segments) break;
    expect(closed.write(speech)).toBe(true);
    await closed.drained();
    closed.end();
    const controller = new AbortController();
    const aborted = transcriber.stream({ sampleRate, apiKey: key, signal: controller.signal });
    aborted.write(speech.subarray(0, 2 * sampleRate));
    controller.abort();
    for await (const event of aborted.segments) expect(event).toBeUndefined();
    const left = transcriber.stream({ sampleRate, apiKey: key });
    const speaking = speak(left, speech);
    for await (const _event of left.segments) break;
    await speaking;
  });

  it('rejects with the reason of an aborted signal', async () => {
    const reason = new Error('the caller has gone');
    const transcriber = await start();
    const signal = AbortSignal.abort(reason);
    await expect(
      transcriber.transcribe({ samples: speech, sampleRate }, { signal, apiKey: key }),
    ).rejects.toBe(reason);
  });
});

describe('the built-in transcriber without words', () => {
  it('says so, and tells how long somebody spoke', async () => {
    const transcriber = kept(createBuiltinTranscriber({ scratchDirectory: scratch(), wordsBy: 'none' }));
    expect(transcriber.hears).toBe('times');
    const { text, segments, duration } = await transcriber.transcribe({ samples: speech, sampleRate });
    expect(duration).toBe(7);
    expect(segments).toHaveLength(2);
    expect(text).toMatch(/^\[speech \d\.\d s\] \[speech \d\.\d s\]$/);
    expect(readdirSync(scratch())).toEqual([]);
  });
});

describe('an upstream that hears files', () => {
  it('gets the recording as it is, with model, language and prompt, under the caller’s own key', async () => {
    upstream = await startFakeTranscription();
    const recording = wavFile(speech, sampleRate);
    const transcript = await files({ model: 'whisper-large' }).transcribe(recording, {
      apiKey: key,
      language: 'en',
      prompt: 'Earshot',
    });
    expect(transcript).toEqual({
      text: fakeWords,
      segments: [{ text: fakeWords, start: 0.1, end: 1.4 }],
      duration: 1.5,
      language: 'en',
    });
    const [request] = upstream.requests;
    expect(request).toMatchObject({
      model: 'whisper-large',
      language: 'en',
      prompt: 'Earshot',
      format: 'verbose_json',
    });
    expect(request?.authorization).toBe(`Bearer ${key}`);
    expect(Buffer.compare(request?.file ?? Buffer.alloc(0), recording)).toBe(0);
    expect(request?.fileName).toBe('recording.wav');
  });

  it('is asked for plain JSON where it has no times, and the times are ours', async () => {
    upstream = await startFakeTranscription();
    upstream.behave(() => ({ kind: 'json-only' }));
    const transcript = await files().transcribe({ samples: speech, sampleRate }, { apiKey: key });
    expect(transcript.segments).toEqual([{ text: fakeWords, start: 0, end: 7 }]);
    expect(upstream.requests.map(({ format }) => format)).toEqual(['verbose_json', 'json']);
    await files({ model: 'gpt-4o-transcribe' }).transcribe({ samples: speech, sampleRate }, { apiKey: key });
    expect(upstream.requests.at(-1)?.format).toBe('json');
    expect((await files().transcribe(wavFile(speech, sampleRate), { apiKey: key })).duration).toBe(7);
  });

  it('hears what it makes up over silence, and we leave it out', async () => {
    upstream = await startFakeTranscription();
    const made = { text: 'Thank you.', start: 2, end: 3, no_speech_prob: 0.9, avg_logprob: -1.4 };
    const said = { text: ' Good morning.', start: 0, end: 2, no_speech_prob: 0.1, avg_logprob: -0.2 };
    upstream.behave(() => ({
      kind: 'answer',
      body: { text: 'Good morning. Thank you.', segments: [said, made], duration: 3 },
    }));
    const { text, segments } = await files().transcribe({ samples: speech, sampleRate }, { apiKey: key });
    expect(text).toBe('Good morning.');
    expect(segments).toEqual([{ text: 'Good morning.', start: 0, end: 2 }]);
  });

  it('tries again after a refusal that passes', async () => {
    upstream = await startFakeTranscription();
    upstream.behave(() =>
      upstream.requests.length < 2 ? { kind: 'status', status: 429, retryAfter: 0 } : { kind: 'ok' },
    );
    expect((await files().transcribe({ samples: speech, sampleRate }, { apiKey: key })).text).toBe(fakeWords);
    expect(upstream.requests).toHaveLength(2);
  });

  const broken = [
    ['a bad key', { kind: 'status', status: 401 }, 401],
    ['no credit', { kind: 'status', status: 429, code: 'insufficient_quota', retryAfter: 0 }, 429],
    ['too often', { kind: 'status', status: 429, retryAfter: 3600 }, 429],
    ['a fault', { kind: 'status', status: 500, retryAfter: 0 }, 503],
    ['a web page', { kind: 'garbage' }, 502],
    ['another shape', { kind: 'answer', body: { words: 'none' } }, 502],
    ['segments without times', { kind: 'answer', body: { text: 'x', segments: [{ text: 'x' }] } }, 502],
    ['silence', { kind: 'hang' }, 504],
    ['half an answer', { kind: 'close-mid-body' }, 502],
    ['no answer', { kind: 'hang-up' }, 503],
  ] as const;

  it.each(broken)('fails with %s, in our own words and without the key', async (_, behaviour, status) => {
    upstream = await startFakeTranscription();
    upstream.behave(() => behaviour);
    const transcriber = files({ deadlineMilliseconds: 2_500 });
    const error = await refusal(transcriber.transcribe({ samples: speech, sampleRate }, { apiKey: key }));
    expect(error.statusCode).toBe(status);
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(
      key,
    );
  });

  it('loses no utterance when one call fails: the stream tells which, with its sound, and goes on', async () => {
    upstream = await startFakeTranscription();
    upstream.behave(() =>
      upstream.requests.length === 1 ? { kind: 'status', status: 401 } : { kind: 'ok' },
    );
    const transcriber = files();
    const events = await heard(transcriber.stream({ sampleRate, apiKey: key }), speech);
    expect(events.map(({ kind }) => kind)).toEqual(['failed', 'segment']);
    const [failed] = failures(events);
    expect(failed?.error.statusCode).toBe(401);
    expect(failed?.audio.samples.length).toBeCloseTo(
      ((failed?.end ?? 0) - (failed?.start ?? 0)) * sampleRate,
      0,
    );
    if (!failed) return;
    expect((await transcriber.transcribe(failed.audio, { apiKey: key })).text).toBe(fakeWords);
  });

  it('is sent 16-bit samples of each utterance', async () => {
    upstream = await startFakeTranscription();
    await heard(files().stream({ sampleRate, apiKey: key }), speech);
    expect(upstream.requests).toHaveLength(2);
    for (const { file } of upstream.requests) expect(wavSamples(file).sampleRate).toBe(sampleRate);
  });

  it('makes the writer wait while it lags by a minute, and no longer', { timeout: 30_000 }, async () => {
    upstream = await startFakeTranscription();
    upstream.behave(() => ({ kind: 'hang' }));
    const stream = files({ deadlineMilliseconds: 400 }).stream({ sampleRate, apiKey: key });
    let isWilling = true;
    for (let round = 0; round < 30 && isWilling; round += 1) isWilling = stream.write(speech);
    expect(isWilling).toBe(false);
    const events: TranscriptionEvent[] = [];
    const collecting = (async () => {
      for await (const event of stream.segments) events.push(event);
    })();
    await stream.drained();
    stream.end();
    await collecting;
    expect(failures(events).length).toBe(events.length);
    expect(events.length).toBeGreaterThan(20);
  });
});

describe('an upstream that hears live', () => {
  it('gets a session without its own turn detection, and only the speech', async () => {
    upstream = await startFakeTranscription();
    const events = await heard(
      realtime().stream({ sampleRate, apiKey: key, language: 'en', prompt: 'Earshot' }),
      speech,
    );
    expect(upstream.sessions).toEqual([
      {
        type: 'transcription',
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24_000 },
            transcription: { model: 'gpt-4o-transcribe', language: 'en', prompt: 'Earshot' },
            turn_detection: null,
          },
        },
      },
    ]);
    expect(upstream.connections.count).toBe(1);
    expect(finals(events).map(({ text }) => text)).toEqual([fakeWords, fakeWords]);
    const [longer = 0, shorter = 0] = upstream.committed;
    expect(longer).toBeGreaterThan(2);
    expect(longer).toBeLessThan(3.2);
    expect(shorter).toBeGreaterThan(1.5);
    expect(shorter).toBeLessThan(2.7);
  });

  it('tells the words so far under the id of the final ones', async () => {
    upstream = await startFakeTranscription();
    const events = await heard(realtime().stream({ sampleRate, apiKey: key }), speech);
    const first = events.filter((event) => event.id === events[0]?.id);
    expect(first.map((event) => event.kind === 'segment' && [event.text, event.isFinal])).toEqual([
      ['Hello from', false],
      ['Hello from upstream.', false],
      ['Hello from upstream.', true],
    ]);
  });

  it('is sent an utterance again when the connection breaks while it is spoken', async () => {
    upstream = await startFakeTranscription();
    upstream.behaveRealtime('cut-once');
    const stream = realtime().stream({ sampleRate, apiKey: key });
    const events: TranscriptionEvent[] = [];
    const collecting = (async () => {
      for await (const event of stream.segments) events.push(event);
    })();
    for (let at = 0; at < speech.length; at += 3_200) {
      stream.write(speech.subarray(at, at + 3_200));
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    stream.end();
    await collecting;
    expect(failures(events)).toEqual([]);
    expect(finals(events)).toHaveLength(2);
    expect(upstream.connections.count).toBe(2);
    expect(upstream.committed[0]).toBeGreaterThan(2);
  });

  it.each([
    ['refuse', 401],
    ['cut-at-commit', 503],
    ['garbage', 502],
    ['failed', 502],
    ['error', 502],
    ['hang', 504],
  ] as const)(
    'that does "%s" fails each utterance with its sound, without the key',
    async (behaviour, status) => {
      upstream = await startFakeTranscription();
      upstream.behaveRealtime(behaviour);
      const stream = realtime({ deadlineMilliseconds: 700 }).stream({ sampleRate, apiKey: key });
      const events = await heard(stream, speech);
      expect(finals(events)).toEqual([]);
      const failed = failures(events);
      expect(failed).toHaveLength(2);
      for (const { error, audio, start: from, end } of failed) {
        expect(error.statusCode).toBe(status);
        expect(`${error.message} ${String(error.cause)}`).not.toContain(key);
        expect(audio.samples.length).toBeCloseTo((end - from) * sampleRate, 0);
      }
    },
  );

  it('needs a key when it is OpenAI itself', async () => {
    upstream = await startFakeTranscription();
    const stream = kept(createOpenAITranscriber({}, { streaming: 'realtime' })).stream({ sampleRate });
    const failed = failures(await heard(stream, speech));
    expect(failed.map(({ error }) => error.statusCode)).toEqual([401, 401]);
  });
});

describe('choosing the engine', () => {
  const config = () => ({
    engine: undefined,
    streaming: 'utterances' as const,
    openai: {},
    modelsDirectory: join(folder, 'models'),
    scratchDirectory: scratch(),
  });

  it('takes the built-in one where nothing else is there', () => {
    expect(kept(createTranscriber(config())).engine).toBe('builtin');
  });

  it('takes the one that is asked for', () => {
    expect(kept(createTranscriber({ ...config(), engine: 'openai' })).engine).toBe('openai');
  });

  it('without an installed model the local engine says which command gets one', async () => {
    const transcriber = kept(createSherpaTranscriber({ modelsDirectory: join(folder, 'models') }));
    const error = await refusal(transcriber.transcribe({ samples: speech, sampleRate }));
    expect(error).toMatchObject({
      statusCode: 503,
      message: expect.stringContaining('earshot models install'),
    });
    const named = kept(
      createSherpaTranscriber({ modelsDirectory: join(folder, 'models'), model: 'whisper-tiny.en' }),
    );
    expect(() => named.stream({ sampleRate })).toThrow(/earshot models install whisper-tiny\.en/);
  });
});
