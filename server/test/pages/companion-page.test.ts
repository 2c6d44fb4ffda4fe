import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinSpeechSynthesizer } from '../../src/platform/ai/builtin/speech-synthesizer.js';
import {
  chromiumPath,
  collectFaults,
  openBrowser,
  overflows,
  type RunningEarshot,
  seriousBarriers,
  startEarshot,
} from './browser.js';

const SPOKEN =
  'I live in a small house near the river. Remind me to call the doctor tomorrow at nine. My brother is coming to dinner on Sunday.';
/** Machines that are busy with other suites take their time. */
const within = { timeout: 60_000 };

const nav = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Companion' }).getByRole('link', { name });

describe.skipIf(chromiumPath === null)('the companion page in Chromium', () => {
  let folder: string;
  let earshot: RunningEarshot;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-microphone-'));
    const microphone = join(folder, 'speech.wav');
    const synthesizer = createBuiltinSpeechSynthesizer();
    const speech = { text: SPOKEN, voice: 'alloy', model: '', format: 'wav', speed: 1 } as const;
    writeFileSync(microphone, await synthesizer.synthesize(speech));
    await synthesizer.close();
    [earshot, browser] = await Promise.all([
      startEarshot(),
      openBrowser([
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${microphone}%noloop`,
      ]),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await earshot?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const signUp = async (page: Page, name: string) => {
    await page.goto(`${earshot.url}/companion`);
    await page.getByLabel('E-mail').fill(`${name}@example.com`);
    await page.getByLabel('Password').fill('a-long-password');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('button', { name: 'Start listening' }).waitFor(within);
  };

  it('lets a new user talk, stop, and see the conversation, its to-do, and an answer from it', async () => {
    const context = await browser.newContext({ permissions: ['microphone'] });
    const page = await context.newPage();
    page.setDefaultTimeout(within.timeout);
    const faults = collectFaults(page);
    await signUp(page, 'talker');
    await page.getByText('No conversations yet').waitFor();
    await page.getByRole('button', { name: 'Start listening' }).click();
    const live = page.getByRole('log', { name: 'What is being said' });
    await live.getByText(/call the doctor/i).waitFor();
    await live.getByText(/dinner/i).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('heading', { name: 'What was said' }).waitFor();
    await page.getByRole('heading', { name: 'To do' }).waitFor();
    await page.getByRole('link', { name: /doctor/i }).waitFor();
    await page.getByRole('button', { name: /Speaker 1: say who this is/ }).click();
    await page.getByRole('combobox').selectOption({ label: 'Me' });
    await page.getByRole('button', { name: /You: say who this is/ }).waitFor();

    await nav(page, 'To do').click();
    const todo = page.getByRole('checkbox', { name: /call the doctor/i });
    await todo.click();
    await page.getByText('Done (1)').waitFor();

    await nav(page, 'Memories').click();
    await page.getByText(/small house/i).waitFor();

    await nav(page, 'Ask').click();
    await page.getByLabel('Your question').fill('Who is coming to dinner?');
    await page.keyboard.press('Enter');
    await page
      .getByRole('log', { name: 'Messages' })
      .getByText(/brother/i)
      .first()
      .waitFor();
    await page
      .getByRole('log', { name: 'Messages' })
      .getByRole('link', { name: /doctor/i })
      .click();
    await page.getByRole('heading', { name: 'What was said' }).waitFor();
    expect(await page.title()).toContain('Companion');

    await page.getByLabel('Search conversations').fill('river');
    await page.getByRole('link', { name: /doctor/i }).waitFor();
    await page.getByLabel('Search conversations').fill('elephants');
    await page.getByText('Nothing found').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 240_000);

  it('says what to do when the microphone is refused, and keeps a key, people and settings', async () => {
    const context = await browser.newContext();
    await context.addInitScript(
      `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));`,
    );
    const page = await context.newPage();
    page.setDefaultTimeout(within.timeout);
    await signUp(page, 'keeper');
    await page.getByRole('button', { name: 'Start listening' }).click();
    await page.getByText('The microphone is not allowed.').waitFor();
    await nav(page, 'People').click();
    await page.getByLabel('Add somebody').fill('Grandmother');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove Grandmother' }).waitFor();
    await nav(page, 'Settings').click();
    await page.getByRole('img', { name: /QR code of http/ }).waitFor();
    await page.getByLabel('Name of the key').fill('Desk');
    await page.keyboard.press('Enter');
    await page
      .getByRole('dialog', { name: 'Your new key' })
      .getByText(/omi_mcp_/)
      .waitFor();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Take back Desk' }).waitFor();
    await page.getByLabel('When a conversation has been summarised').fill('http://127.0.0.1/x');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('What you speak').selectOption('fr');
    await page.reload();
    await expect.poll(() => page.getByLabel('What you speak').inputValue(), within).toBe('fr');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByLabel(/Type .delete. to confirm/).fill('delete');
    await page.getByRole('button', { name: 'Delete everything' }).click();
    await page.getByRole('button', { name: 'Begin' }).waitFor();
    await context.close();
  }, 240_000);

  it.each([
    ['light', 320],
    ['dark', 390],
    ['light', 1280],
  ] as const)(
    'has no serious barrier and fits in %s at %i px, in every room',
    async (colorScheme, width) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      page.setDefaultTimeout(within.timeout);
      await page.goto(`${earshot.url}/companion`);
      await page.getByLabel('E-mail').waitFor();
      expect(await seriousBarriers(page)).toEqual([]);
      await signUp(page, `reader-${colorScheme}-${width}`);
      for (const room of ['Talks', 'To do', 'Memories', 'Ask', 'People', 'Settings']) {
        await nav(page, room).click();
        await expect.poll(() => page.title(), within).toContain(room);
        await expect.poll(() => page.getByText('Fetching').count(), within).toBe(0);
        expect(await seriousBarriers(page), room).toEqual([]);
        expect(await overflows(page), room).toBe(false);
      }
      await context.close();
    },
    240_000,
  );
});
