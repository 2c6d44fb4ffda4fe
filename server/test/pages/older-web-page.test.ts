import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser, type RunningEarshot, startEarshot } from './browser.js';
import { olderWebPage } from './older-web-page.js';

describe.skipIf(!chromiumPath)("the older product's web page, unmodified, from an origin of its own", () => {
  let earshot: RunningEarshot;
  let pages: Server;
  let pageUrl: string;
  let browser: Browser;
  beforeAll(async () => {
    earshot = await startEarshot();
    pages = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(olderWebPage(earshot.url));
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    const address = pages.address();
    pageUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    pages.close();
    await earshot.stop();
  });

  it('logs in, generates, sees the badge turn ready, plays, keeps its list over a reload, deletes and logs out', async () => {
    const page = await browser.newPage();
    await page.goto(pageUrl);
    await page.fill('#key', 'not a key');
    await page.click('#login');
    await page.waitForFunction("document.getElementById('login-error').textContent === 'Invalid API key'");

    await page.fill('#key', `sk-${'b'.repeat(24)}`);
    await page.click('#login');
    // Who is quicker than the sign-in generates as nobody.
    await page.waitForFunction("localStorage.getItem('openai_token') !== null");
    await page.fill('#text', "It's a note with an apostrophe, <b>markup</b> and some words.");
    await page.click('#generate');
    await page.waitForSelector('li i:text-is("ready")');

    await page.click('li button:text-is("Play")');
    await page.waitForFunction("document.getElementById('audio').currentTime > 0.1");
    const downloaded = await page.evaluate<{ size: number; type: string }>('window.downloaded');
    expect(downloaded.type).toBe('audio/mpeg');
    expect(downloaded.size).toBeGreaterThan(5_000);

    await page.reload();
    await page.waitForSelector('li i:text-is("ready")');
    expect(await page.textContent('li b')).toBe("It's a note with an apostrophe, <b>markup</b> and ...");

    await page.click('li button:text-is("Delete")');
    await page.waitForFunction("document.querySelectorAll('li').length === 0");
    const listed = page.waitForResponse((response) => response.url().endsWith('/tts/files'));
    await page.reload();
    await listed;
    expect(await page.locator('li').count()).toBe(0);

    await page.click('#logout');
    expect(await page.evaluate<number>('localStorage.length')).toBe(0);
    await page.close();
  }, 120_000);
});
