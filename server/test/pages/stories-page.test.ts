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

const limit = 30_000;
const within = { timeout: limit };
const password = 'correct horse battery';
let made = 0;
const newEmail = (): string => {
  made += 1;
  return `family-${made}@example.com`;
};

/** Asks the audio element itself; the content security policy forbids Playwright's own waiting for functions. */
const audio = (page: Page, property: 'currentTime' | 'duration') =>
  page.evaluate<number>(`document.querySelector('audio').${property}`);
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
const library = (page: Page) => page.getByRole('link', { name: 'Library' }).first();

async function signUp(page: Page, url: string, email: string): Promise<void> {
  await page.goto(`${url}/stories`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Begin').click();
  await heading(page, 'Every story needs a hero').waitFor(within);
}

async function signIn(page: Page, url: string, email: string): Promise<void> {
  await page.goto(`${url}/stories`);
  await button(page, 'Sign in').click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
}

async function makeHero(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Make a hero' }).click();
  await page.getByLabel('Name').fill(name);
  await button(page, 'Next').click();
  await button(page, 'Brave').click();
  await button(page, 'Curious').click();
  await button(page, 'Next').click();
  await page.getByRole('group', { name: 'Hair', exact: true }).getByRole('button', { name: 'Red' }).click();
  await button(page, 'Make the hero').click();
}

/** A story without voice or pictures, which is quick. */
async function tellQuickly(page: Page): Promise<void> {
  await button(page, /^Tell a story with/).click();
  await page.getByLabel('Read aloud').uncheck();
  await page.getByLabel('With pictures').uncheck();
  await button(page, 'Tell the story').click();
  await page.getByRole('link', { name: 'Read it now' }).click(within);
}

async function changeStory(page: Page, title: string, begin: string): Promise<void> {
  await button(page, 'Change title and text').click();
  await page.getByLabel('Title').fill(title);
  const text = page.getByLabel('Text', { exact: true });
  await text.fill(`${begin} ${await text.inputValue()}`);
  await button(page, 'Save').click();
  await heading(page, title).waitFor();
}

const isSynced = (page: Page) => button(page, 'Sync: Synced').waitFor(within);
/** The page's files are in the browser. */
const isKept = (page: Page) => page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');

describe.skipIf(chromiumPath === null)('the stories page in Chromium', () => {
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

  it('leads a new user from sign-up to a story read aloud with pictures in under two minutes, reload included', async () => {
    const page = await device();
    const faults = collectFaults(page);
    const began = performance.now();
    await signUp(page, earshot.url, newEmail());
    await makeHero(page, 'Luna');
    await button(page, 'Draw it again').waitFor(within);
    await button(page, 'Tell a story with Luna').click();
    await page.getByText('Rainy Day Magic').click();
    await button(page, 'Tell the story').click();
    await heading(page, 'On its way').waitFor(within);
    await page.reload();
    await heading(page, 'It is ready').waitFor({ timeout: 90_000 });
    await page.getByRole('link', { name: 'Listen now' }).click();
    await button(page, 'Play').click(within);
    await expect.poll(() => audio(page, 'currentTime'), within).toBeGreaterThan(0.5);
    const seconds = (performance.now() - began) / 1_000;
    console.log(`from the first page to hearing the story: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(120);
    expect(await audio(page, 'duration')).toBeGreaterThan(60);

    const picture = async (): Promise<string> =>
      (await page.locator('[aria-hidden="false"] > div > img').getAttribute('src', within)) ?? '';
    const first = await picture();
    await button(page, /^Picture 3 of/).click();
    await expect.poll(picture, within).not.toBe(first);
    expect(await button(page, /^Picture 3 of/).getAttribute('aria-current')).toBe('true');
    await button(page, 'Pause').click();
    await button(page, 'Mark as a favourite').click();
    await library(page).click();
    await page.getByRole('article').filter({ hasText: 'Luna' }).first().waitFor();
    await isSynced(page);
    expect(faults).toEqual([]);
  }, 180_000);

  it('shows on one device within a second what was changed on another', async () => {
    const email = newEmail();
    const first = await device();
    await signUp(first, earshot.url, email);
    await makeHero(first, 'Ada');
    await tellQuickly(first);
    await isSynced(first);
    const second = await device();
    await signIn(second, earshot.url, email);
    await heading(second, 'Library').waitFor(within);
    await second.getByRole('article').first().waitFor(within);
    await isSynced(second);

    const measured: number[] = [];
    for (const round of [1, 2, 3]) {
      await button(first, 'Change title and text').click();
      await first.getByLabel('Title').fill(`Round ${round}`);
      const seen = heading(second, `Round ${round}`).waitFor(within);
      const changed = performance.now();
      await button(first, 'Save').click();
      await seen;
      measured.push(performance.now() - changed);
    }
    const quickest = Math.min(...measured);
    console.log(`seen on the other device after ${measured.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    // Alone on a machine all of them take a tenth of it; a busy one may stumble once or twice.
    expect(quickest).toBeLessThan(1_000);
  }, 120_000);

  it('brings two devices together that were changed without a network, and asks which version stays', async () => {
    const email = newEmail();
    const first = await device();
    await signUp(first, earshot.url, email);
    await makeHero(first, 'Noor');
    await tellQuickly(first);
    await isSynced(first);
    const second = await device();
    await signIn(second, earshot.url, email);
    await second.getByRole('article').first().getByRole('link').click(within);
    await button(second, 'Change title and text').waitFor();
    await Promise.all([isSynced(second), isKept(first), isKept(second)]);

    await first.context().setOffline(true);
    await second.context().setOffline(true);
    await first.getByText('You are offline').waitFor();
    await changeStory(first, 'What the first wrote', 'At first,');
    await changeStory(second, 'What the second wrote', 'Secondly,');
    await library(first).click();
    await button(first, /^Favourite: What the first wrote/).click();
    // It is in the browser's database as soon as it is shown.
    await first
      .getByRole('button', { name: /^Favourite: What the first wrote/, pressed: true })
      .waitFor(within);
    // The page itself, its data and what was changed are there without a network too.
    await first.reload();
    await heading(first, 'What the first wrote').waitFor(within);
    await first.getByText('You are offline').waitFor();
    await button(first, 'Sync: Offline, 1 waiting').waitFor();

    await second.context().setOffline(false);
    await isSynced(second);
    await first.context().setOffline(false);
    await button(first, 'Look at both').click(within);
    const dialog = first.getByRole('dialog');
    await dialog.getByRole('region', { name: 'On the other device' }).waitFor();
    expect(await dialog.getByRole('region', { name: 'On this device' }).innerText()).toContain('At first,');
    expect(await dialog.getByRole('region', { name: 'On the other device' }).innerText()).toContain(
      'Secondly,',
    );
    expect(await seriousBarriers(first)).toEqual([]);
    await dialog.getByRole('button', { name: 'Keep my version' }).click();
    await heading(second, 'What the first wrote').waitFor(within);
    await button(second, 'Not a favourite any more').waitFor(within);
    await Promise.all([isSynced(first), isSynced(second)]);

    // The other way round, with a version that is written from both.
    await first.getByRole('article').first().getByRole('link').click();
    await first.context().setOffline(true);
    await first.getByText('You are offline').waitFor();
    await changeStory(first, 'Once more by the first', 'Again,');
    await changeStory(second, 'Once more by the second', 'And again,');
    await isSynced(second);
    await first.context().setOffline(false);
    await button(first, 'Look at both').click(within);
    await button(first, 'Write one from both').click();
    await first.getByRole('dialog').getByLabel('Title').fill('By both');
    await button(first, 'Save this version').click();
    await Promise.all([
      heading(first, 'By both').waitFor(within),
      heading(second, 'By both').waitFor(within),
    ]);
  }, 150_000);

  it('lets a hero and an event be made without a network, and keeps a wish for a story until there is one', async () => {
    const page = await device();
    await signUp(page, earshot.url, newEmail());
    await isKept(page);
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await page.reload();
    await makeHero(page, 'Timo');
    await page.getByText('drawn as soon as you are online').waitFor(within);
    await button(page, /^Tell a story with/).click();
    await page.getByRole('link', { name: 'Think up your own' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('The lost mitten');
    await page.getByLabel('What happens?').fill('A mitten is gone, and a mouse knows where.');
    await button(page, 'Save').click();
    await page.getByRole('link', { name: 'Tell it' }).click();
    await page.getByLabel('Read aloud').uncheck();
    await page.getByLabel('With pictures').uncheck();
    await button(page, 'Tell it when online').click();
    await page.getByText('A story about Timo: The lost mitten').waitFor();

    await page.context().setOffline(false);
    await page.getByRole('article').first().waitFor({ timeout: 60_000 });
    await page.getByText('A story about Timo: The lost mitten').waitFor({ state: 'detached', ...within });
    await isSynced(page);
  }, 120_000);

  it('takes everything out to a file and brings it into another account', async () => {
    const page = await device({ acceptDownloads: true });
    await signUp(page, earshot.url, newEmail());
    await makeHero(page, 'Wanda');
    await tellQuickly(page);
    const title = await page.getByRole('heading', { level: 1 }).innerText();
    await isSynced(page);
    await page.goto(`${earshot.url}/stories?view=settings`);
    const downloading = page.waitForEvent('download', within);
    await button(page, 'Export to a file').click(within);
    const file = await (await downloading).path();

    const other = await device();
    await signUp(other, earshot.url, newEmail());
    await other.goto(`${earshot.url}/stories?view=settings`);
    await other.getByLabel('Exported file').setInputFiles(file, within);
    await other.getByRole('dialog').getByText('1 story').waitFor(within);
    await other.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await other.getByText('Everything is here. Welcome home.').waitFor({ timeout: 60_000 });
    await library(other).click();
    await other.getByRole('link', { name: title }).waitFor(within);

    await other.goto(`${earshot.url}/stories?view=settings`);
    await button(other, 'Sign out').click(within);
    await other.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await heading(other, 'Make an account').waitFor(within);
    const left = 'indexedDB.databases().then((all) => all.map(({ name }) => name))';
    expect(await other.evaluate<string[]>(left)).toContain('earshot-stories');
    await other.reload();
    await heading(other, 'Make an account').waitFor(within);
  }, 150_000);

  it('can be used by keyboard alone, and says where one is', async () => {
    const page = await device();
    const faults = collectFaults(page);
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim()',
      );
    const tabTo = async (wanted: string) => {
      for (let stops = 0; stops < 60; stops += 1) {
        await press('Tab');
        if ((await focused()).includes(wanted)) return;
      }
      throw new Error(`Tab never reached “${wanted}”`);
    };
    const isFocused = (words: string) => expect.poll(focused, within).toBe(words);

    await page.goto(`${earshot.url}/stories`);
    await button(page, 'Begin').waitFor(within);
    await press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.getByLabel('E-mail').focus();
    await page.keyboard.insertText(newEmail());
    await press('Tab');
    await page.keyboard.insertText(password);
    await press('Enter');
    await heading(page, 'Every story needs a hero').waitFor(within);
    await tabTo('Make a hero');
    await press('Enter');
    await isFocused('A new hero');
    await page.getByLabel('Name').focus();
    await page.keyboard.insertText('Kim');
    await press('Enter');
    await isFocused('What is Kim like?');
    await tabTo('Kind');
    await press('Space');
    expect(await button(page, '1 Kind').getAttribute('aria-pressed')).toBe('true');
    await tabTo('Next');
    await press('Enter');
    await isFocused('What does Kim look like?');
    await tabTo('Make the hero');
    await press('Enter');
    await isFocused('Here is Kim');
    await tabTo('Tell a story with Kim');
    await press('Enter');
    await isFocused('A new story');
    await page.getByLabel('Bedtime Adventure').focus();
    await press('ArrowDown');
    expect(await page.getByLabel('Rainy Day Magic').isChecked()).toBe(true);
    await page.getByLabel('Read aloud').focus();
    await press('Space');
    await page.getByLabel('With pictures').focus();
    await press('Space', 'Enter');
    await isFocused('It is ready');
    await tabTo('Read it now');
    await press('Enter');
    await button(page, 'Delete the story').waitFor(within);
    await tabTo('Delete the story');
    await press('Enter');
    await isFocused('Keep it');
    await press('Escape');
    await isFocused('Delete the story');
    expect(faults).toEqual([]);
  }, 120_000);

  it.each([
    ['light', 1_280],
    ['dark', 390],
  ] as const)(
    'has no serious barrier and fits in %s at %i px, in every view',
    async (colorScheme, width) => {
      const page = await device({ colorScheme, viewport: { width, height: 844 }, reducedMotion: 'reduce' });
      const barrierFree = async (where: string) => {
        expect(await seriousBarriers(page), where).toEqual([]);
        for (const narrower of width < 400 ? [320, width] : [width]) {
          await page.setViewportSize({ width: narrower, height: 844 });
          expect(await overflows(page), `${where} at ${narrower} px`).toBe(false);
        }
      };
      await page.goto(`${earshot.url}/stories`);
      await button(page, 'Begin').click();
      await page.getByText('Please enter an e-mail address').waitFor();
      await barrierFree('sign-up');
      await signUp(page, earshot.url, newEmail());
      await barrierFree('welcome');
      await page.getByRole('link', { name: 'Make a hero' }).click();
      await button(page, 'Next').click();
      await page.getByText('Every hero needs a name.').waitFor();
      await barrierFree('hero, first step');
      await page.getByLabel('Name').fill('Maximiliane-Charlotte');
      await button(page, 'Next').click();
      await button(page, 'Gentle').click();
      await barrierFree('hero, second step');
      await button(page, 'Next').click();
      await barrierFree('hero, third step');
      await button(page, 'Make the hero').click();
      await button(page, 'Draw it again').waitFor(within);
      await barrierFree('hero, portrait');
      await button(page, /^Tell a story with/).click();
      await barrierFree('new story');
      await page.getByLabel('Read aloud').uncheck();
      await button(page, 'Tell the story').click();
      await heading(page, 'It is ready').waitFor(within);
      await barrierFree('progress');
      await page.getByRole('link', { name: 'Read it now' }).click();
      await button(page, 'Change title and text').waitFor(within);
      await barrierFree('reader');
      await library(page).click();
      await page.getByRole('article').first().waitFor();
      await barrierFree('library');
      await button(page, /^Sync:/).click();
      await page.getByRole('dialog').waitFor();
      await barrierFree('sync');
      await page.keyboard.press('Escape');
      for (const [view, words] of [
        ['heroes', 'Heroes'],
        ['events', 'Events'],
        ['journey', 'Your reading journey'],
        ['settings', 'Settings'],
      ] as const) {
        await page.goto(`${earshot.url}/stories?view=${view}`);
        await heading(page, words).waitFor(within);
        await page.getByText('Adding it all up').waitFor({ state: 'detached', ...within });
        await barrierFree(view);
      }
    },
    120_000,
  );
});
