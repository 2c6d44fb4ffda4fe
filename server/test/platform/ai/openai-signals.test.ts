import { queryObjects } from 'node:v8';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOpenAISpeechSynthesizer } from '../../../src/platform/ai/openai/speech-synthesizer.js';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';

let upstream: FakeOpenai;
beforeAll(async () => {
  upstream = await startFakeOpenAI();
});
afterAll(() => upstream.close());

it('keeps nothing of a call that has ended, although its signal was never aborted', async () => {
  const synthesizer = createOpenAISpeechSynthesizer({ baseUrl: upstream.baseUrl, apiKey: 'sk-test' });
  const speak = () =>
    synthesizer.synthesize(
      { text: 'Hello.', voice: 'nova', model: 'tts-1', format: 'mp3', speed: 1 },
      { signal: new AbortController().signal },
    );
  const living = () => queryObjects(AbortController, { format: 'count' });
  await speak();
  const before = living();
  for (let n = 0; n < 30; n += 1) await speak();
  expect(living() - before).toBeLessThan(10);
});
