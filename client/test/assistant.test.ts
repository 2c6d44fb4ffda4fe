import { expect, test } from 'vitest';
import type { Assistant } from '../src/index.js';
import { createDevice } from './support/device.js';
import { createFakeServer, errorAnswer, json } from './support/fake-server.js';

const hero = { name: 'Luna', primaryTrait: 'Brave', secondaryTrait: 'Kind' };
const event = { rawValue: 'Bedtime Adventure', promptSeed: 'Owls' };
const told = { hero, targetDuration: 300, language: 'en' };
const calls: readonly (readonly [keyof Assistant, string, (assistant: Assistant) => Promise<unknown>])[] = [
  ['generateTitle', 'ai-assistant/generate-title', (a) => a.generateTitle({ description: 'x' })],
  ['enhancePrompt', 'ai-assistant/enhance-prompt', (a) => a.enhancePrompt({ title: 'x', description: 'y' })],
  [
    'generateKeywords',
    'ai-assistant/generate-keywords',
    (a) => a.generateKeywords({ event: 'x', description: 'y' }),
  ],
  [
    'suggestSimilarEvents',
    'ai-assistant/suggest-similar-events',
    (a) => a.suggestSimilarEvents({ description: 'x' }),
  ],
  ['sanitizePrompt', 'ai-assistant/sanitize-prompt', (a) => a.sanitizePrompt({ prompt: 'x' })],
  ['generatePictogram', 'images/generate-pictogram', (a) => a.generatePictogram({ prompt: 'x' })],
  ['generateAvatar', 'images/generate-avatar', (a) => a.generateAvatar({ prompt: 'x', hero })],
  [
    'generateIllustration',
    'images/generate-illustration',
    (a) => a.generateIllustration({ prompt: 'x', hero }),
  ],
  ['generateAudio', 'audio/generate', (a) => a.generateAudio({ text: 'x', voice: 'coral', language: 'en' })],
  ['generateStory', 'stories/generate', (a) => a.generateStory({ ...told, event })],
  [
    'generateCustomStory',
    'stories/generate-custom',
    (a) => a.generateCustomStory({ ...told, customEvent: { title: 'x', promptSeed: 'y' } }),
  ],
  [
    'extractScenes',
    'stories/extract-scenes',
    (a) => a.extractScenes({ storyContent: 'x', storyDuration: 60, hero }),
  ],
];

test.each(calls)('%s asks %s, and hands out the bare answer', async (_name, path, call) => {
  const server = createFakeServer();
  server.route = (request) => (request.path === `/api/${path}` ? json({ answer: request.body }) : undefined);
  const device = await createDevice(server);
  const sent = { answer: expect.objectContaining({}) };
  expect(await call(device.assistant)).toEqual(sent);
  const [request] = server.requests;
  expect(request?.method).toBe('POST');
  expect(request?.headers.get('idempotency-key')).toBeTruthy();
  device.manual.set({ connected: false });
  await expect(call(device.assistant)).rejects.toMatchObject({ code: 'offline' });
  expect(server.requests).toHaveLength(1);
});

test('an unsafe text is told as such', async () => {
  const server = createFakeServer();
  server.route = () => errorAnswer(400, 'BadRequest', 'Content safety check failed');
  const device = await createDevice(server);
  const asked = device.assistant.generatePictogram({ prompt: 'x' });
  await expect(asked).rejects.toMatchObject({ code: 'unsafeContent' });
});
