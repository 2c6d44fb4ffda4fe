import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withJobs } from '../../src/platform/jobs/tables.js';
import { bearer, call, PASSWORD, signUp } from '../support/accounts.js';
import { type Ground, layGround, startServer, type TestServer } from '../support/servers.js';
import { signIn as signInWithKey } from '../support/speech-client.js';
import { chromiumPath, collectFaults, openBrowser, overflows, seriousBarriers } from './browser.js';

const within = { timeout: 60_000 };
/** Set it to a folder, and each look of the page is left there as a picture. */
const PICTURES = process.env.CONSOLE_PICTURES;

describe.skipIf(chromiumPath === null)('the console in Chromium', () => {
  let ground: Ground;
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    ground = await layGround('SQLite and files');
    [server, browser] = await Promise.all([startServer(ground), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await ground?.remove();
  });

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
  const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
  const signIn = async (page: Page, email: string) => {
    await page.goto(server.url, within);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
    await heading(page, 'Hello, Somebody').waitFor(within);
  };
  const failJob = (id: string) =>
    server.built.platform.database.transaction((tx) =>
      withJobs(tx)
        .insertInto('background_jobs')
        .values({
          id,
          name: 'speech.erase',
          owner: '',
          unique_key: null,
          payload: JSON.stringify({ files: [] }),
          state: 'failed',
          recurring: 0,
          attempts: 12,
          run_at: 0,
          error: 'Error EIO',
          failed_at: Date.now(),
        })
        .execute(),
    );

  it('lets somebody make an account here, and leave again', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const faults = collectFaults(page);
    await page.goto(server.url, within);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Make an account' }).click();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('E-mail').fill('ada@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await button(page, 'Begin').click();
    await heading(page, 'Hello, Ada').waitFor(within);
    await page.getByText('characters spoken').first().waitFor(within);
    await page.getByText('users operator ada@example.com').waitFor(within);

    await button(page, 'Sign out').first().click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor(within);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('goes on as the same person in the apps', async () => {
    const email = 'lise@example.com';
    await signUp(server, email);
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, email);
    await page.goto(`${server.url}/speech`, within);
    await button(page, 'Go on as Somebody').click();
    await page.getByLabel('Text', { exact: false }).first().waitFor(within);
    await page.goto(`${server.url}/stories`, within);
    await button(page, 'Go on as Somebody').click();
    await heading(page, 'Every story needs a hero').waitFor(within);
    await page.goto(`${server.url}/companion`, within);
    await button(page, 'Start listening').waitFor(within);
    await context.close();
  });

  it('shows what was used, ends a session elsewhere, and links and unlinks a key', async () => {
    const email = 'grace@example.com';
    const phone = await signUp(server, email);
    const text = 'Twenty-two characters.';
    await call(server, 'POST', '/tts/generate', {
      headers: bearer(phone.token),
      body: { text, voice: 'alloy', model: 'tts-1' },
    });
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, email);
    await page.getByText('22', { exact: true }).first().waitFor(within);
    expect(await page.getByRole('table', { name: 'characters spoken by day' }).count()).toBe(1);

    await button(page, 'Sign out An app')
      .or(button(page, /^Sign out node/))
      .click();
    await page.getByText('Signed out there.').waitFor(within);
    expect((await call(server, 'GET', '/tts/files', { headers: bearer(phone.token) })).status).toBe(401);
    await page.getByText('This browser', { exact: true }).waitFor(within);

    const device = await signInWithKey(server.url);
    await device.speak('A library of its own.');
    await button(page, 'Link another way in').click();
    await page.locator('dialog').getByRole('button', { name: 'Link' }).click();
    await page.getByText('Please paste a key or a token.').waitFor(within);
    await page.getByLabel('Speech key, or Firebase ID token').fill(device.key);
    await page.keyboard.press('Enter');
    await page.getByText('A speech key', { exact: true }).waitFor(within);
    await page.getByText('43', { exact: true }).first().waitFor(within);
    expect((await signInWithKey(server.url, device.key)).userId).toBe(phone.userId);

    await button(page, 'Unlink: A speech key').click();
    await page.getByText('A speech key', { exact: true }).waitFor({ state: 'detached', ...within });
    await context.close();
  });

  it('makes a key that an openai package uses, and takes it back', async () => {
    const email = 'radia@example.com';
    await signUp(server, email);
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, email);
    await button(page, 'Make a key').click();
    await button(page, 'Make it').click();
    await page.getByText('Please name the program.').waitFor(within);
    await page.getByLabel('Which program is it for?').fill('kitchen speaker');
    await page.keyboard.press('Enter');
    const example = await page.getByRole('region', { name: 'Example' }).innerText(within);
    const [, address, key = ''] = /OPENAI_BASE_URL=(\S+) OPENAI_API_KEY=(\S+)/.exec(example) ?? [];
    const models = async () => (await fetch(`${address}/models`, { headers: bearer(key) })).status;
    expect(await models()).toBe(200);
    await button(page, 'I have kept it').click();
    await button(page, 'Take back kitchen speaker').click();
    await page.getByText('No program has a key of yours.').waitFor(within);
    expect(await models()).toBe(401);
    await context.close();
  });

  it('notices that it was signed out elsewhere', async () => {
    const email = 'joan@example.com';
    const { userId } = await signUp(server, email);
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, email);
    await server.built.platform.accounts.revokeSessions(userId);
    await page.reload(within);
    await page.getByRole('link', { name: 'Sign in' }).waitFor(within);
    await context.close();
  });

  it('shows an operator the server, and runs a failed job again', async () => {
    const email = 'operator@example.com';
    const { userId } = await signUp(server, email);
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, email);
    await page.getByText('This browser', { exact: true }).waitFor(within);
    expect(await heading(page, 'This server').count()).toBe(0);
    await server.built.platform.serverOperators.add(userId);
    await failJob('first');
    server.built.platform.log.error({ err: new Error('the disk is slow') }, 'something broke');
    await page.reload(within);
    await heading(page, 'This server').waitFor(within);
    await page.getByText('something broke').waitFor(within);
    await page.getByText('No backup of this server is known.').waitFor(within);
    await button(page, 'Retry speech.erase').click();
    await page.getByText('None failed.').waitFor(within);
    await context.close();
  });

  describe('looks', () => {
    let state: Awaited<ReturnType<BrowserContext['storageState']>>;
    beforeAll(async () => {
      const email = 'keeper@example.com';
      const { token, userId } = await signUp(server, email);
      const headers = bearer(token);
      await server.built.platform.serverOperators.add(userId);
      await fillUsage(server, userId);
      await call(server, 'POST', '/api/voice/keys', { headers, body: { name: 'kitchen speaker' } });
      await call(server, 'POST', '/v1/mcp/keys', { headers, body: { name: 'my assistant' } });
      await failJob('shown-1');
      await failJob('shown-2');
      const context = await browser.newContext();
      await signIn(await context.newPage(), email);
      state = await context.storageState();
      await context.close();
    });

    it.each([
      ['light', 1_280],
      ['dark', 390],
      ['light', 320],
    ] as const)('has no serious barrier and fits in %s at %i px', async (colorScheme, width) => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 900 },
        reducedMotion: 'reduce',
        storageState: state,
      });
      const page = await context.newPage();
      await page.goto(server.url, within);
      await page.getByText('my assistant', { exact: true }).waitFor(within);
      await button(page, 'Retry speech.erase').first().waitFor(within);
      await page.getByText('free on the data directory').waitFor(within);
      await page.getByText('answers in').waitFor(within);
      if (PICTURES) {
        mkdirSync(PICTURES, { recursive: true });
        const name = `${colorScheme}-${width}.png`;
        await page.screenshot({ path: join(PICTURES, name), fullPage: true });
      }
      expect(await seriousBarriers(page)).toEqual([]);
      expect(await overflows(page)).toBe(false);
      await context.close();
    });
  });
});

/** Two weeks of characters and answers. */
async function fillUsage({ built }: TestServer, owner: string): Promise<void> {
  const now = Date.now();
  await built.platform.database.transaction(async (tx) => {
    for (let day = 0; day < 14; day++) {
      const at = now - day * 86_400_000;
      const rows = [
        {
          id: `${owner}-a-${day}`,
          owner,
          meter: 'speech.characters',
          amount: ((day * 7_919) % 4_000) + 100,
          at,
        },
        { id: `${owner}-b-${day}`, owner, meter: 'voice.turns', amount: (day * 5) % 9, at },
      ];
      await tx.insertInto('usage_ledger').values(rows).execute();
    }
  });
}
