import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  chromiumPath,
  collectFaults,
  openBrowser,
  overflows,
  type RunningEarshot,
  seriousBarriers,
  startEarshot,
} from './browser.js';

const paragraph =
  'The lighthouse keeper counted the waves as other people count sheep. Each one arrived with its own small voice. ' +
  'By midnight he had learned to tell them apart, and by morning he knew most of them by name. ' +
  'When the relief boat came he did not want to leave, for there was one wave, he said, that had not yet returned.';
const within = { timeout: 10_000 };

const writing = (page: Page) => page.getByRole('textbox', { name: 'Text', exact: true });
/** Asks the audio element itself; the content security policy forbids Playwright's own waiting for functions. */
const audio = <T>(page: Page, property: 'currentTime' | 'duration' | 'paused') =>
  page.evaluate<T>(`document.querySelector('audio').${property}`);
const heardBeyond = (page: Page, seconds: number) =>
  expect.poll(() => audio<number>(page, 'currentTime'), within).toBeGreaterThan(seconds);
const player = (page: Page) => page.getByRole('region', { name: 'Player' });

async function enterWithoutKey(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/speech`);
  await page.getByRole('button', { name: 'Try it without a key' }).click();
  await page.getByText('Nothing to hear yet').waitFor();
  return page.evaluate<string>("JSON.parse(localStorage['earshot.speech.session']).key");
}

async function generate(page: Page, text: string, title: string): Promise<void> {
  await page.getByLabel('Title (optional)').fill(title);
  await writing(page).fill(text);
  await page.getByRole('button', { name: 'Generate audio' }).click();
  await page.getByRole('button', { name: `Play “${title}”` }).waitFor({ timeout: 30_000 });
}

describe.skipIf(chromiumPath === null)('the speech page in Chromium', () => {
  let earshot: RunningEarshot;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  /** A device of its own: nothing is shared with the others but the server. */
  async function device(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext(options);
    contexts.push(context);
    return context.newPage();
  }

  beforeAll(async () => {
    [earshot, browser] = await Promise.all([startEarshot(), openBrowser()]);
  });
  afterAll(async () => {
    for (const context of contexts) await context.close();
    await browser?.close();
    await earshot?.stop();
  });

  it('turns a text into audio, keeps the place, and shows both on a second device until it is deleted', async () => {
    const first = await device();
    const faults = [collectFaults(first)];
    const key = await enterWithoutKey(first, earshot.url);
    expect(key).toMatch(/^sk-[0-9a-f]{40,}$/);

    await generate(first, paragraph, 'The keeper’s waves');
    await first.getByRole('button', { name: 'Play “The keeper’s waves”' }).click();
    await player(first).getByRole('button', { name: 'Pause' }).waitFor();
    await heardBeyond(first, 0.5);
    expect(await audio<number>(first, 'duration')).toBeGreaterThan(5);

    await player(first).getByRole('slider', { name: 'Position' }).focus();
    await first.keyboard.press('ArrowRight');
    await heardBeyond(first, 5);
    const synced = first.waitForResponse((answer) => answer.url().endsWith('/playback/sync') && answer.ok());
    await player(first).getByRole('button', { name: 'Pause' }).click();
    await synced;
    const stoppedAt = await audio<number>(first, 'currentTime');

    await first.reload();
    await first.getByText(/^stopped at 0:0[5-9]/).waitFor();
    await first.getByRole('button', { name: 'Play “The keeper’s waves”' }).click();
    await heardBeyond(first, stoppedAt - 0.5);
    expect(Math.abs((await audio<number>(first, 'currentTime')) - stoppedAt)).toBeLessThan(2);
    await player(first).getByRole('button', { name: 'Pause' }).click();

    const second = await device({ viewport: { width: 390, height: 844 } });
    faults.push(collectFaults(second));
    await second.goto(`${earshot.url}/speech`);
    await second.getByLabel('A key you already have').fill(key);
    await second.keyboard.press('Enter');
    await second.getByRole('button', { name: 'Play “The keeper’s waves”' }).waitFor();
    await second.getByText(/^stopped at 0:0[5-9]/).waitFor();

    await second.getByRole('button', { name: 'Play “The keeper’s waves”' }).click();
    await heardBeyond(second, 5);
    await player(second).getByRole('button', { name: 'Forward 15 seconds' }).click();
    await player(second).getByRole('button', { name: 'Pause' }).click();
    await second.waitForResponse((answer) => answer.url().endsWith('/playback/sync') && answer.ok());
    await first.evaluate("dispatchEvent(new Event('focus'))");
    await first.getByText(/^Moved to 0:/).waitFor();

    await second.getByRole('button', { name: 'Delete “The keeper’s waves”' }).click();
    await second.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await second.getByText('Nothing to hear yet').waitFor();
    // The first device asks every ten seconds.
    await first.getByText('Nothing to hear yet').waitFor({ timeout: 15_000 });
    expect(await player(first).count()).toBe(0);
    expect(faults).toEqual([[], []]);
  }, 120_000);

  it('can be used by keyboard alone', async () => {
    const page = await device();
    const faults = collectFaults(page);
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim()',
      );
    /** Goes on with Tab until the focus is where the reader wants it; every stop must be visible. */
    const tabTo = async (wanted: string) => {
      for (let stops = 0; stops < 40; stops += 1) {
        await press('Tab');
        if ((await focused()).includes(wanted)) return;
      }
      throw new Error(`Tab never reached “${wanted}”`);
    };

    await page.goto(`${earshot.url}/speech`);
    await page.getByRole('button', { name: 'Try it without a key' }).waitFor();
    await press('Tab');
    expect(await focused()).toBe('Skip to the content');
    expect(await page.getByText('Skip to the content').isVisible()).toBe(true);
    await press('Enter');
    await tabTo('Try it without a key');
    await press('Enter');
    await page.getByText('Nothing to hear yet').waitFor();

    await writing(page).focus();
    await page.keyboard.insertText('A short text, for the keys.');
    await press('Control+Enter');
    await page.getByRole('button', { name: /^Play “A short text/ }).waitFor({ timeout: 30_000 });
    await tabTo('Play “A short text');
    await press('Enter');
    await player(page).waitFor();
    await tabTo('Close the player');
    await press('Shift+Tab', 'k');
    await expect.poll(() => audio<boolean>(page, 'paused'), within).toBe(true);

    await page.getByRole('button', { name: /^Play “A short text/ }).focus();
    await tabTo('Delete “A short text');
    await press('Enter');
    await page.getByRole('dialog', { name: 'Delete this audio?' }).waitFor();
    expect(await focused()).toBe('Keep it');
    for (let stops = 0; stops < 5; stops += 1) {
      await press('Tab');
      const inside =
        'document.activeElement.closest("dialog") !== null || document.activeElement === document.body';
      expect(await page.evaluate<boolean>(inside)).toBe(true);
    }
    await press('Escape');
    expect(await focused()).toContain('Delete “A short text');
    expect(faults).toEqual([]);
  }, 90_000);

  it('renews a lost token by itself, and says why when the key is refused', async () => {
    const page = await device();
    await enterWithoutKey(page, earshot.url);
    const spoil = (part: string, value: string) =>
      page.evaluate(`{
        const session = JSON.parse(localStorage['earshot.speech.session']);
        localStorage['earshot.speech.session'] = JSON.stringify({ ...session, ${part}: '${value}' });
      }`);
    await spoil('token', 'of.no.use');
    await page.reload();
    await page.getByText('Nothing to hear yet').waitFor();

    await spoil('token', 'of.no.use');
    const refusal = { error: 'Unauthorized', message: 'The key was withdrawn.', code: 'x', statusCode: 401 };
    await page.route('**/auth/verify', (route) => route.fulfill({ status: 401, json: refusal }));
    await page.reload();
    await page.getByText('You were signed out: The key was withdrawn.').waitFor();
    expect(await page.evaluate("localStorage['earshot.speech.session'] ?? null")).toBeNull();
  });

  it('keeps playing what it has while offline, says so, and returns by itself', async () => {
    const page = await device();
    await enterWithoutKey(page, earshot.url);
    await generate(page, paragraph, 'Offline');
    await page.getByRole('button', { name: 'Play “Offline”' }).click();
    await player(page).getByRole('button', { name: 'Pause' }).waitFor();

    await page.context().setOffline(true);
    await page.getByText('You are offline. What is downloaded keeps playing').waitFor();
    const before = await audio<number>(page, 'currentTime');
    await heardBeyond(page, before + 0.5);
    await writing(page).fill('Later');
    await page.keyboard.press('Control+Enter');
    await page.getByText('You can write on').waitFor();
    expect(await page.getByRole('button', { name: 'Generate audio' }).getAttribute('aria-disabled')).toBe(
      'true',
    );

    await page.context().setOffline(false);
    await page.getByText('You are offline').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Generate audio' }).click();
    await page.getByRole('button', { name: 'Play “Later”' }).waitFor({ timeout: 30_000 });
  }, 60_000);

  it('gives a failed text its reason and another try', async () => {
    const page = await device();
    await enterWithoutKey(page, earshot.url);
    await generate(page, 'It will fail, for the page.', 'Fails');
    await page.route('**/tts/files', async (route) => {
      const answer = await route.fetch();
      const [file] = (await answer.json()) as [Record<string, unknown>];
      await route.fulfill({ json: [{ ...file, status: 'failed', error: 'The provider is out of voices.' }] });
    });
    await page.reload();
    await page.getByText('The provider is out of voices.').waitFor();
    await page.unroute('**/tts/files');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('button', { name: 'Play “Fails”' }).waitFor({ timeout: 30_000 });
  }, 60_000);

  it('shows titles as they are written, never as HTML', async () => {
    const page = await device();
    await enterWithoutKey(page, earshot.url);
    const title = `<img src=x onerror="document.title='hacked'"> it's`;
    await generate(page, 'Harmless.', title);
    expect(await page.getByRole('heading', { name: title }).count()).toBe(1);
    expect(await page.title()).not.toBe('hacked');
  });

  it.each([
    ['light', 1_280],
    ['dark', 1_280],
    ['light', 390],
    ['dark', 320],
  ] as const)(
    'has no serious barrier and fits in %s at %i px, in every state',
    async (colorScheme, width) => {
      const page = await device({ colorScheme, viewport: { width, height: 844 }, reducedMotion: 'reduce' });
      const barrierFree = async () => {
        expect(await seriousBarriers(page)).toEqual([]);
        expect(await overflows(page)).toBe(false);
      };
      await page.goto(`${earshot.url}/speech`);
      await page.getByRole('button', { name: 'Try it without a key' }).waitFor();
      await barrierFree();
      await enterWithoutKey(page, earshot.url);
      await barrierFree();
      await generate(page, paragraph, 'Pneumonoultramicroscopicsilicovolcanoconiosis'.repeat(2));
      await page.getByRole('button', { name: /^Play/ }).click();
      await player(page).getByRole('button', { name: 'Pause' }).waitFor();
      await barrierFree();
      await page.getByRole('button', { name: /^Delete/ }).click();
      await page.getByRole('dialog').waitFor();
      await barrierFree();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Your key', exact: true }).click();
      await page.getByRole('dialog', { name: 'Your key' }).waitFor();
      await barrierFree();
    },
    60_000,
  );
});
