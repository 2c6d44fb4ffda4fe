import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findPocketSphinx } from '../../src/platform/ai/builtin/pocketsphinx.js';
import { createBuiltinSpeechSynthesizer } from '../../src/platform/ai/builtin/speech-synthesizer.js';
import { samplesOf } from '../../src/platform/audio/pcm.js';
import { wavFile } from '../../src/platform/audio/wav.js';
import { type Behaviour, type FakeOpenai, startFakeOpenAI } from '../support/fake-openai.js';
import { joined } from '../support/sound.js';
import {
  chromiumPath,
  collectFaults,
  openBrowser,
  overflows,
  type RunningEarshot,
  seriousBarriers,
  startEarshot,
} from './browser.js';
import {
  ears,
  microphoneThatFails,
  microphoneThatSays,
  recognitionNotAllowed,
  recognitionThatHears,
  recognitionThatIsDead,
  withoutRecognition,
} from './voice-doubles.js';

const limit = 30_000;
const within = { timeout: limit };
const SAMPLE_RATE = 24_000;
const KEY = 'sk-test-0123456789abcdefghij';
const silence = (seconds: number) => new Int16Array(SAMPLE_RATE * seconds);

async function spoken(text: string): Promise<Int16Array> {
  const synthesizer = createBuiltinSpeechSynthesizer();
  const sound = await synthesizer.synthesize({ text, voice: 'alloy', model: '', format: 'pcm', speed: 1 });
  await synthesizer.close();
  return samplesOf(sound);
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const bubble = (page: Page, text: string | RegExp) => page.getByRole('listitem').filter({ hasText: text });
const state = (page: Page) => page.locator('[data-phase]').getAttribute('data-phase');
const isIn = (page: Page, phase: string) => page.locator(`[data-phase="${phase}"]`).waitFor(within);
const heard = (page: Page) => page.evaluate<{ seconds: number; level: number }>('window.heard');

async function askInWriting(page: Page, text: string): Promise<void> {
  if ((await page.getByLabel('Type your question').count()) === 0) await button(page, 'Type instead').click();
  await page.getByLabel('Type your question').fill(text);
  await button(page, 'Send').click();
}

async function giveKey(page: Page, isKept = false): Promise<void> {
  await page.getByLabel('Your OpenAI API key').fill(KEY);
  if (isKept) await page.getByLabel('Keep it until this tab is closed').check();
  await button(page, 'Use').click();
}

describe.skipIf(chromiumPath === null)('the voice page in Chromium', () => {
  let earshot: RunningEarshot;
  /** Asks for a key, and has an upstream that does as it is told. */
  let keyed: RunningEarshot;
  let upstream: FakeOpenai;
  let browser: Browser;
  let folder: string;
  let question: Int16Array;
  let contexts: BrowserContext[] = [];

  interface Visit {
    readonly at?: RunningEarshot;
    readonly scripts?: readonly string[];
    readonly context?: Parameters<Browser['newContext']>[0];
  }

  /** A device of its own, at the open page. */
  async function visit({ at = earshot, scripts = [], context = {} }: Visit = {}): Promise<Page> {
    const opened = await browser.newContext({ viewport: { width: 390, height: 844 }, ...context });
    contexts.push(opened);
    const page = await opened.newPage();
    for (const script of [ears, ...scripts]) await page.addInitScript(script);
    await page.goto(`${at.url}/voice`);
    await button(page, at === keyed ? 'Enter a key to talk' : 'Tap to talk').waitFor(within);
    // What the server offers is known as soon as it offers to talk without hands.
    if (at === earshot) await button(page, 'Talk hands-free').waitFor(within);
    return page;
  }
  const does = (behaviour: Behaviour) => upstream.behave(() => behaviour);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-voice-'));
    question = await spoken('What is twenty five plus seventeen?');
    const microphone = join(folder, 'question.wav');
    writeFileSync(microphone, wavFile(joined(silence(2.5), question, silence(1)), SAMPLE_RATE));
    upstream = await startFakeOpenAI();
    [earshot, keyed, browser] = await Promise.all([
      startEarshot(),
      startEarshot({
        OPENAI_BASE_URL: upstream.baseUrl,
        REQUIRE_USER_KEY: 'true',
        AI_SPEECH: 'builtin',
        AI_TRANSCRIPTION: 'builtin',
        VOICE_REALTIME: 'local',
      }),
      openBrowser([
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-audio-capture=${microphone}%noloop`,
        '--autoplay-policy=user-gesture-required',
      ]),
    ]);
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts = [];
    does({ kind: 'ok' });
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([earshot?.stop(), keyed?.stop(), upstream?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  describe.skipIf(!findPocketSphinx())('§12.7: a question by voice (SKIPPED without pocketsphinx)', () => {
    it.each([
      ['is missing', withoutRecognition],
      ['is not allowed', recognitionNotAllowed],
      ['is there and dead', recognitionThatIsDead],
    ])(
      'reaches an answer that is heard where recognition %s',
      async (_, script) => {
        const page = await visit({ scripts: [script] });
        const faults = collectFaults(page);
        await button(page, 'Tap to talk').click();
        await isIn(page, 'listening');
        // Which words of it a recogniser of words gets right depends on how busy the machine is.
        await bubble(page, /You:.*(what|twenty|five|plus|seventeen)/is).waitFor(within);
        await bubble(page, /Assistant:\s*\S/).waitFor(within);
        await isIn(page, 'idle');
        const { seconds, level } = await heard(page);
        expect(seconds).toBeGreaterThan(0.5);
        expect(level).toBeGreaterThan(0.01);
        expect(faults).toEqual([]);
      },
      90_000,
    );

    it('and without hands is answered; speaking over the answer silences it, and what was not heard was not said', async () => {
      does({
        kind: 'chat',
        text: `Apples come first. ${'And then there is another sentence about fruit. '.repeat(12)}Plums come last.`,
      });
      const page = await visit({
        at: keyed,
        scripts: [microphoneThatSays(wavFile(joined(question, silence(0.2)), SAMPLE_RATE))],
      });
      await giveKey(page);
      await button(page, 'Talk hands-free').click();
      await isIn(page, 'listening');
      await page.evaluate('window.say()');
      await bubble(page, 'Apples come first.').waitFor(within);
      await expect.poll(async () => (await heard(page)).level, within).toBeGreaterThan(0.01);
      does({ kind: 'chat', text: 'I stopped.' });
      await page.evaluate('new Promise((resolve) => setTimeout(resolve, 2500))');
      await page.evaluate('window.say()');
      await bubble(page, 'interrupted').waitFor(within);
      await bubble(page, 'I stopped.').waitFor(within);
      const said = await bubble(page, 'interrupted').innerText();
      expect(said).toContain('Apples');
      expect(said).not.toContain('Plums');
      const asked = upstream.requests.at(-1)?.body.messages as { role: string; content: string }[];
      const told = asked.find(({ role }) => role === 'assistant')?.content ?? '';
      expect(told).toContain('Apples');
      expect(told).not.toContain('Plums');
      await isIn(page, 'listening');
      await button(page, 'Tap to end').click();
      await isIn(page, 'idle');
    }, 120_000);
  });

  it('takes what the browser recognises, and never appends what it repeats', async () => {
    const page = await visit({ scripts: [recognitionThatHears('what is twelve times twelve')] });
    await button(page, 'Tap to talk').click();
    await bubble(page, 'what is twelve').waitFor(within);
    await bubble(page, /Assistant:\s*\S/).waitFor(within);
    expect(
      (
        await bubble(page, /what is twelve times twelve/)
          .first()
          .innerText()
      ).match(/what/g),
    ).toHaveLength(1);
    await isIn(page, 'idle');
  }, 60_000);

  it('leads to the text field where the microphone is not allowed, and where there is none', async () => {
    const denied = await visit({ scripts: [withoutRecognition, microphoneThatFails('NotAllowedError')] });
    await button(denied, 'Tap to talk').click();
    await isIn(denied, 'mic-denied');
    await denied.getByText('Settings › Apps › Safari').waitFor();
    expect(await seriousBarriers(denied)).toEqual([]);
    await askInWriting(denied, 'What is 6 times 7?');
    await bubble(denied, '6 * 7 is 42.').waitFor(within);

    const missing = await visit({
      scripts: [withoutRecognition, microphoneThatFails('NotFoundError')],
    });
    await button(missing, 'Tap to talk').click();
    await isIn(missing, 'mic-missing');
    await missing.getByLabel('Type your question').waitFor();
  }, 60_000);

  it('§12.8: asks again by itself when the network is back, opens without one, and keeps the conversation', async () => {
    const page = await visit();
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await askInWriting(page, 'What is 6 times 7?');
    await bubble(page, '6 * 7 is 42.').waitFor(within);
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await askInWriting(page, 'What is 3 times 5?');
    await isIn(page, 'offline');
    await page.reload();
    await bubble(page, '6 * 7 is 42.').waitFor(within);
    await button(page, 'Ask this again').click();
    await isIn(page, 'offline');
    expect(await seriousBarriers(page)).toEqual([]);
    await page.context().setOffline(false);
    await bubble(page, '3 * 5 is 15.').waitFor(within);
    await button(page, 'New conversation').click();
    await page.reload();
    await page.getByText('Ask. Hear the answer.').waitFor(within);
    expect(await page.getByRole('listitem').count()).toBe(0);
  }, 90_000);

  it('§12.8: is not broken by what it finds in storage', async () => {
    const page = await visit({
      scripts: [
        `for (const name of ['voice.conversation.v1', 'voice.preferences', 'voice.offer']) localStorage.setItem(name, '{"messages":[{}], broken');`,
      ],
    });
    const faults = collectFaults(page);
    await askInWriting(page, 'What is 6 times 7?');
    await bubble(page, '6 * 7 is 42.').waitFor(within);
    expect(faults).toEqual([]);
  }, 60_000);

  it('§12.2 and §12.8: keeps the key in this tab only, if at all, and in no other place', async () => {
    const page = await visit({ at: keyed });
    const everywhere = () =>
      page.evaluate<string>(`(async () => {
        const cached = [];
        for (const name of await caches.keys())
          for (const request of await (await caches.open(name)).keys()) cached.push(request.url);
        return JSON.stringify([localStorage, document.cookie, location.href, history.state, cached]);
      })()`);
    await page.getByLabel('Your OpenAI API key').fill('not a key');
    await page.getByText('A key has no spaces').waitFor();
    await giveKey(page, true);
    await askInWriting(page, 'Say it back.');
    await bubble(page, 'Say it back.').nth(1).waitFor(within);
    expect(await everywhere()).not.toContain(KEY);
    expect(upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`);
    await page.reload();
    await button(page, 'Tap to talk').waitFor(within);
    // Another tab is another session; so is this one after it was closed.
    const other = await page.context().newPage();
    await page.close();
    await other.goto(`${keyed.url}/voice`);
    await button(other, 'Enter a key to talk').waitFor(within);
    await giveKey(other);
    await button(other, 'Tap to talk').waitFor(within);
    expect(await other.evaluate('JSON.stringify(sessionStorage)')).not.toContain(KEY);
    await button(other, 'Settings').click();
    await button(other, 'Forget key').click(within);
    await other.keyboard.press('Escape');
    await button(other, 'Enter a key to talk').waitFor(within);
    expect(keyed.output()).not.toContain(KEY);
  }, 90_000);

  it('§12.1: shows each refusal as what it is, keeps the question, and asks it again', async () => {
    const page = await visit({ at: keyed });
    await giveKey(page);
    const screens: readonly [Behaviour, string, string | RegExp][] = [
      [{ kind: 'status', status: 429, retryAfter: 2 }, 'rate-limited', 'Too many questions at once'],
      [{ kind: 'status', status: 429, code: 'insufficient_quota' }, 'refused', /credit|quota/i],
      [{ kind: 'status', status: 500 }, 'upstream-down', 'not reachable right now'],
      [{ kind: 'hang-up' }, 'upstream-down', 'not reachable right now'],
      [{ kind: 'garbage' }, 'upstream-down', 'not reachable right now'],
      [{ kind: 'close-mid-body' }, 'upstream-down', 'not reachable right now'],
    ];
    await button(page, 'Type instead').click();
    for (const [index, [behaviour, phase, words]] of screens.entries()) {
      const asked = `Question ${index}.`;
      does(behaviour);
      await askInWriting(page, asked);
      await isIn(page, phase);
      await page.getByRole('status').getByText(words).waitFor();
      expect(await bubble(page, asked).count()).toBe(1);
      expect(await page.locator('body').innerText()).not.toMatch(/sk-|Bearer|at \w+ \(/);
      does({ kind: 'chat', text: `Answer ${index}.` });
      await page.locator('.voice-button:not([aria-disabled])').click(within);
      await bubble(page, `Answer ${index}.`).waitFor(within);
    }

    does({ kind: 'status', status: 401, code: 'invalid_api_key' });
    await askInWriting(page, 'The last one.');
    await isIn(page, 'invalid-key');
    expect(await seriousBarriers(page)).toEqual([]);
    does({ kind: 'chat', text: 'The last answer.' });
    await giveKey(page);
    await bubble(page, 'The last answer.').waitFor(within);
  }, 120_000);

  it('shows an answer that could not be spoken, and speaks it after a tap', async () => {
    const page = await visit();
    await page.route('**/api/speak', (route) => route.fulfill({ status: 502, body: '{}' }));
    await askInWriting(page, 'What is 6 times 7?');
    await isIn(page, 'tts-failed');
    await bubble(page, '6 * 7 is 42.').waitFor();
    await page.unroute('**/api/speak');
    await button(page, 'Tap to hear').click();
    await isIn(page, 'idle');
    expect((await heard(page)).level).toBeGreaterThan(0.01);
  }, 60_000);

  it('can be cancelled while it thinks, and no late answer appears', async () => {
    const page = await visit({ at: keyed });
    await giveKey(page);
    does({ kind: 'chat', text: 'Too late. '.repeat(20), milliseconds: 8_000 });
    await askInWriting(page, 'Are you there?');
    await isIn(page, 'thinking');
    const asked = () => upstream.requests.find(({ body }) => JSON.stringify(body).includes('Are you there?'));
    await expect.poll(asked, within).toBeDefined();
    await button(page, 'Cancel').click();
    await isIn(page, 'idle');
    await expect.poll(() => asked()?.leftAt, within).toBeDefined();
    expect(await bubble(page, 'Too late.').count()).toBe(0);
    await button(page, 'Ask this again').waitFor();
  }, 60_000);

  it.each(['light', 'dark'] as const)(
    '§12.9: has no serious barrier in %s and fits from 320 to 1280 px',
    async (colorScheme) => {
      const page = await visit({ at: keyed, context: { colorScheme, reducedMotion: 'reduce' } });
      const fits = async (where: string): Promise<void> => {
        expect(await seriousBarriers(page), where).toEqual([]);
        for (const width of [320, 360, 390, 430, 1280]) {
          await page.setViewportSize({ width, height: 667 });
          expect(await overflows(page), `${where} at ${width} px`).toBe(false);
          for (const box of await page.getByRole('button').all()) {
            const size = await box.boundingBox();
            expect(Math.min(size?.width ?? 44, size?.height ?? 44), where).toBeGreaterThanOrEqual(44);
          }
        }
      };
      await page.setViewportSize({ width: 375, height: 667 });
      expect(
        await page.evaluate('document.documentElement.scrollHeight <= window.innerHeight'),
        'the first visit needs no scrolling',
      ).toBe(true);
      await fits('first visit');
      await giveKey(page);
      await button(page, 'Tap to talk').waitFor(within);
      await fits('ready');
      does({
        kind: 'chat',
        text: `${'https://example.com/'.padEnd(120, 'x')} is long. And short.`,
      });
      await askInWriting(page, 'A long word?');
      await bubble(page, 'And short.').waitFor(within);
      await fits('a conversation');
      await button(page, 'Settings').click();
      await page.getByRole('dialog').waitFor(within);
      await fits('settings');
      expect(
        await page.evaluate(
          `document.getAnimations().every((animation) => animation.effect.getComputedTiming().activeDuration < 1)`,
        ),
        'nothing moves for whoever asks for stillness',
      ).toBe(true);
    },
    120_000,
  );

  it('§10: asks for less than 120 KB of compressed script before the first interaction', async () => {
    const page = await visit();
    const addresses = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /\\.js$/.test(name))`,
    );
    let bytes = 0;
    for (const address of addresses) {
      expect(new URL(address).origin).toBe(earshot.url);
      if (address.endsWith('-sw.js')) continue;
      bytes += brotliCompressSync(new Uint8Array(await (await fetch(address)).arrayBuffer())).length;
    }
    console.log(`${(bytes / 1_000).toFixed(1)} kB of compressed script in ${addresses.length} files`);
    expect(addresses.length).toBeGreaterThan(2);
    expect(bytes).toBeLessThan(120_000);
    expect(await state(page)).toBe('idle');
  }, 60_000);
});
