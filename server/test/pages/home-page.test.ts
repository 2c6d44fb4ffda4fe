import type { Browser } from 'playwright-core';
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

describe.skipIf(chromiumPath === null)('the home page in Chromium', () => {
  let earshot: RunningEarshot;
  let browser: Browser;

  beforeAll(async () => {
    [earshot, browser] = await Promise.all([startEarshot(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await earshot?.stop();
  });

  it('says what runs here, and leads to the speech page', async () => {
    const page = await browser.newPage();
    const faults = collectFaults(page);
    await page.goto(earshot.url);
    await page.getByText('answers in').waitFor();
    await page.getByText('Works offline, no key').first().waitFor();
    await page.getByText('HOST=0.0.0.0 npm start', { exact: true }).waitFor();
    for (const name of ['Stories', 'Companion', 'Voice', 'Speech', 'Support']) {
      await page.getByRole('heading', { name, exact: true }).waitFor();
    }

    await page.getByRole('link', { name: /Speech/ }).click();
    await page.getByRole('button', { name: 'Try it without a key' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/speech');
    expect(await page.title()).toContain('Speech');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('notices when the server stops answering, and when it is back', async () => {
    const page = await browser.newPage();
    await page.goto(earshot.url);
    await page.getByText('answers in').waitFor();
    await page.route('**/health', (route) => route.abort());
    await page.getByText('The server does not answer').waitFor({ timeout: 15_000 });
    await page.unroute('**/health');
    await page.getByText('answers in').waitFor({ timeout: 15_000 });
    await page.close();
  });

  it('says so when it cannot learn what the server offers, and can ask again', async () => {
    const page = await browser.newPage();
    const refusal = {
      error: 'Service Unavailable',
      message: 'Back in a moment.',
      code: 'x',
      statusCode: 503,
    };
    await page.route('**/api/server', (route) => route.fulfill({ status: 503, json: refusal }));
    await page.goto(earshot.url);
    await page.getByText('Back in a moment.').waitFor();
    await page.unroute('**/api/server');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByRole('heading', { name: 'Speech', exact: true }).waitFor();
    await page.close();
  });

  it('keeps a chosen theme from the first paint on', async () => {
    const page = await browser.newPage({ colorScheme: 'light' });
    await page.goto(earshot.url);
    await page.getByRole('button', { name: /^Theme: as the system/ }).click();
    await page.getByRole('button', { name: /^Theme: light/ }).click();
    await page.getByRole('button', { name: /^Theme: dark/ }).waitFor();
    await page.reload({ waitUntil: 'commit' });
    await expect.poll(() => page.evaluate("document.documentElement.dataset.theme ?? ''")).toBe('dark');
    await page.close();
  });

  it.each([
    ['light', 1_280],
    ['dark', 1_280],
    ['light', 320],
    ['dark', 390],
  ] as const)('has no serious barrier and fits in %s at %i px', async (colorScheme, width) => {
    const page = await browser.newPage({
      colorScheme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    });
    await page.goto(earshot.url);
    await page.getByText('answers in').waitFor();
    await page.getByText('Works offline, no key').first().waitFor();
    expect(await seriousBarriers(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
    await page.close();
  });
});
