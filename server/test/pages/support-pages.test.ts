import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
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
import { openShop, type Shop } from './shop.js';

const masterKey = 'the-master-key-of-the-page-tests-0123456789';
const password = 'a password of the tests';
const within = { timeout: 30_000 };

interface Team {
  readonly appId: string;
  readonly apiKey: string;
  readonly email: string;
  readonly accessToken: string;
}

const answerField = (page: Page) => page.getByRole('textbox', { name: /^Answer/ });
const messageField = (page: Page) => page.getByRole('textbox', { name: 'Your message' });
const thread = (page: Page) => page.getByRole('log');

/** Types until the other side has seen it: what it shows of typing ends by itself, sooner than a busy machine may look. */
async function typeUntil(field: Locator, seen: Locator): Promise<void> {
  await expect
    .poll(async () => {
      await field.pressSequentially('a');
      return seen.count();
    }, within)
    .toBeGreaterThan(0);
}
const rows = (page: Page) => page.getByRole('list', { name: 'Conversations', exact: true }).getByRole('link');
/** The bubbles of a thread in the inbox, from the oldest. */
const bodies = (page: Page) =>
  page.evaluate<string[]>(
    "[...document.querySelectorAll('[data-message] .whitespace-pre-wrap')].map((one) => one.textContent)",
  );

describe.skipIf(chromiumPath === null)('the support pages in Chromium', () => {
  let earshot: RunningEarshot;
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const shops: Shop[] = [];

  /** A browser of its own: nothing is shared with the others but the server. */
  async function device(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext(options);
    contexts.push(context);
    return context.newPage();
  }

  async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(earshot.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async function newTeam(): Promise<Team> {
    const email = `owner-${randomUUID()}@example.com`;
    const made = await post<{ access_token: string; app: { id: string; api_key: string } }>(
      '/admin/auth/signup',
      { email, password, appName: 'Shop' },
    );
    return { appId: made.app.id, apiKey: made.app.api_key, email, accessToken: made.access_token };
  }

  async function signIn(page: Page, email: string, address = '/admin'): Promise<void> {
    await page.goto(earshot.url + address);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Support' }).waitFor();
  }

  async function shopOf(team: Team): Promise<Shop> {
    const shop = await openShop(earshot.url, team);
    shops.push(shop);
    return shop;
  }

  /** A conversation as the SDK would open it. */
  async function customer(team: Team, name: string, ...texts: string[]): Promise<string> {
    const headers = { 'x-app-id': team.appId, 'x-api-key': team.apiKey, 'x-device-id': randomUUID() };
    const user = { id: `user-${name}`, name, email: null, attributes: { plan: 'pro' } };
    const context = { platform: 'android', device_model: 'Pixel 9' };
    const { conversation } = await post<{ conversation: { id: string } }>(
      '/v1/conversations',
      { user, device_context: context },
      headers,
    );
    for (const body of texts) {
      await post(`/v1/conversations/${conversation.id}/messages`, { local_id: randomUUID(), body }, headers);
    }
    return conversation.id;
  }

  beforeAll(async () => {
    [earshot, browser] = await Promise.all([startEarshot({ MASTER_API_KEY: masterKey }), openBrowser()]);
  });
  afterAll(async () => {
    for (const context of contexts) await context.close();
    for (const shop of shops) await shop.stop();
    await browser?.close();
    await earshot?.stop();
  });

  it('D23: lead from the printed link to the first answered message, by what they say alone', async () => {
    const page = await device({ reducedMotion: 'reduce' });
    const faults = [collectFaults(page)];
    await expect.poll(earshot.output, within).toContain('/setup?token=');
    const token = /\/setup\?token=([\w-]+)/.exec(earshot.output())?.[1] ?? '';
    const shown = await page.goto(`${earshot.url}/setup?token=${token}`);
    expect(shown?.headers()['content-security-policy']).toContain("default-src 'self'");
    expect(shown?.headers()['content-security-policy']).not.toContain('unsafe');
    await page.getByLabel('Name of your app').fill('Corner shop');
    await page.getByLabel('E-mail').fill('first@example.com');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Create the app and its inbox' }).click();
    await page.getByText('A password needs at least 8 characters.').waitFor();
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the app and its inbox' }).click();
    await page.getByRole('heading', { name: 'Corner shop is ready' }).waitFor();
    expect(await page.getByRole('region', { name: 'Code for Web' }).textContent()).toContain('/widget.js');
    expect(new URL(page.url()).search).toBe('');
    expect(await seriousBarriers(page)).toEqual([]);

    const opening = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'try it on the demo page' }).click();
    const demo = await opening;
    faults.push(collectFaults(demo));
    await messageField(demo).fill('Is anybody there?');
    await demo.keyboard.press('Enter');

    await page.getByLabel('I have stored the key').check();
    await page.getByRole('link', { name: 'Open the inbox' }).click();
    await page.getByRole('link', { name: /Is anybody there/ }).click();
    await answerField(page).fill('Yes, we are.');
    await page.keyboard.press('Enter');
    await demo.getByText('Yes, we are.').waitFor();

    const again = await device();
    await again.goto(`${earshot.url}/setup?token=${token}`);
    await again.getByLabel('Name of your app').fill('Second');
    await again.getByLabel('E-mail').fill('second@example.com');
    await again.getByLabel('Password').fill(password);
    await again.getByRole('button', { name: 'Create the app and its inbox' }).click();
    await again.getByText('the set-up link is used up').waitFor();
    expect(faults).toEqual([[], []]);
  }, 90_000);

  it('make apps with the master key', async () => {
    const page = await device();
    await page.goto(`${earshot.url}/setup`);
    await page.getByLabel('Master key').fill('not the right one');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('The master key is not right').waitFor();
    await page.getByLabel('Master key').fill(masterKey);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Create an app' }).waitFor();
    await page.getByLabel('Name of the app').fill('Without an owner');
    await page.getByLabel('With an owner').uncheck();
    await page.getByRole('button', { name: 'Create the app' }).click();
    await page.getByRole('heading', { name: 'Without an owner is ready' }).waitFor();
    await page.getByLabel('I have stored the key').check();
    await page.getByRole('button', { name: 'Back to the apps' }).click();
    await page.getByRole('list', { name: 'Apps' }).getByText('Without an owner').waitFor();
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(
      masterKey,
    );
  }, 60_000);

  it('hold a conversation between a customer page and the inbox: typing, ticks, presence, reloads', async () => {
    const team = await newTeam();
    const shop = await shopOf(team);
    const page = await device({ viewport: { width: 1280, height: 800 } });
    const visitor = await device({ viewport: { width: 1000, height: 760 } });
    const faults = [collectFaults(page), collectFaults(visitor)];
    await signIn(page, team.email);
    await page.getByText('Nobody is waiting').waitFor();

    await visitor.goto(shop.url);
    await visitor.getByRole('button', { name: 'Open the chat' }).click();
    await messageField(visitor).fill('Is the blue teapot still there?');
    await visitor.keyboard.press('Enter');
    const row = page.getByRole('link', { name: /blue teapot/ });
    await row.waitFor();
    await expect.poll(() => row.textContent(), within).toContain('Online');
    await expect.poll(() => row.textContent(), within).toContain('1 unread');
    await expect.poll(() => page.title(), within).toBe('(1) Inbox · Earshot');
    await visitor.getByTitle('Sent', { exact: true }).waitFor();

    await row.click();
    await visitor.getByTitle('Read', { exact: true }).waitFor();
    await expect.poll(() => page.title(), within).toBe('Inbox · Earshot');

    await typeUntil(messageField(visitor), thread(page).getByText('is writing'));
    await messageField(visitor).fill('');
    await thread(page).getByText('is writing').waitFor({ state: 'detached' });
    await typeUntil(answerField(page), visitor.getByLabel('Somebody of the team is writing'));
    await answerField(page).fill('Yes, three are left.\nShall I put one aside?');
    await page.keyboard.press('Enter');
    await visitor.getByText('three are left').waitFor();
    await thread(page).getByTitle('Read', { exact: true }).waitFor();
    await visitor.getByLabel('Somebody of the team is writing').waitFor({ state: 'hidden' });

    await visitor.getByRole('button', { name: 'Close the chat' }).first().click();
    await answerField(page).fill('We close at six.');
    await page.keyboard.press('Enter');
    await visitor.getByRole('button', { name: /1 new message/ }).waitFor();
    await thread(page).getByTitle('Delivered', { exact: true }).waitFor();

    await Promise.all([visitor.reload(), page.reload()]);
    await visitor.getByRole('button', { name: /1 new message/ }).click();
    await visitor.getByText('We close at six.').waitFor();
    await visitor.getByText('Is the blue teapot still there?').waitFor();
    await thread(page).getByText('We close at six.').waitFor();
    await expect.poll(() => thread(page).getByTitle('Read', { exact: true }).count(), within).toBe(1);
    expect(await bodies(page)).toEqual([
      'Is the blue teapot still there?',
      'Yes, three are left.\nShall I put one aside?',
      'We close at six.',
    ]);

    await page.getByText('Online now').waitFor();
    await visitor.close();
    await page.getByText('Online now').waitFor({ state: 'detached' });
    expect(faults).toEqual([[], []]);
  }, 120_000);

  it('lose nothing while either side is offline', async () => {
    const team = await newTeam();
    const shop = await shopOf(team);
    const page = await device({ viewport: { width: 1280, height: 800 } });
    const visitor = await device();
    await signIn(page, team.email);
    await visitor.goto(shop.url);
    await visitor.getByRole('button', { name: 'Open the chat' }).click();
    await messageField(visitor).fill('First');
    await visitor.keyboard.press('Enter');
    await page.getByRole('link', { name: /First/ }).click();
    await thread(page).getByText('First').waitFor();

    await visitor.context().setOffline(true);
    for (const text of ['Second', 'Third', 'Fourth']) {
      await messageField(visitor).fill(text);
      await visitor.keyboard.press('Enter');
    }
    expect(await visitor.getByTitle('Waiting to be sent').count()).toBe(3);
    await answerField(page).fill('Are you there?');
    await page.keyboard.press('Enter');
    await visitor.context().setOffline(false);
    await expect.poll(() => bodies(page), { timeout: 20_000 }).toHaveLength(5);
    expect(await bodies(page)).toEqual(['First', 'Are you there?', 'Second', 'Third', 'Fourth']);
    await visitor.getByText('Are you there?').waitFor();
    expect(await visitor.getByTitle('Waiting to be sent').count()).toBe(0);

    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await answerField(page).fill('Kept');
    await page.keyboard.press('Enter');
    await page.getByText('Not sent:').waitFor();
    await messageField(visitor).fill('Fifth');
    await visitor.keyboard.press('Enter');
    await page.context().setOffline(false);
    await thread(page).getByText('Fifth').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Try again' }).click();
    await visitor.getByText('Kept').waitFor();
  }, 90_000);

  it('keep what could not be sent until it is, once, over other threads, reconnections and reloads', async () => {
    const team = await newTeam();
    const first = await customer(team, 'Ann', 'My lamp is dark');
    await customer(team, 'Bob', 'My bill is wrong');
    const page = await device({ viewport: { width: 1280, height: 800 } });
    await signIn(page, team.email, `/admin?id=${first}`);
    await thread(page).getByText('My lamp is dark').waitFor();

    await page.context().setOffline(true);
    await answerField(page).fill('Turn the switch');
    await page.keyboard.press('Enter');
    await page.getByText('Not sent:').waitFor();
    await rows(page).filter({ hasText: 'Bob' }).click();
    await page.context().setOffline(false);
    await thread(page).getByText('My bill is wrong').waitFor({ timeout: 20_000 });
    await page.getByText('You are offline.').waitFor({ state: 'hidden' });
    await rows(page).filter({ hasText: 'Ann' }).click();
    await page.getByText('Not sent:').waitFor();
    await page.reload();
    await page.getByText('Not sent:').waitFor();
    expect(await bodies(page)).toEqual(['My lamp is dark', 'Turn the switch']);
    await page.getByRole('button', { name: 'Try again' }).click();
    await thread(page).getByTitle('Sent').waitFor();
    expect(await page.getByText('Not sent:').count()).toBe(0);

    // The server takes it, and its answer is lost on the way.
    await page.route('**/admin/api/conversations/*/messages', async (route) => {
      if (route.request().method() === 'POST') {
        await route.fetch();
        await route.abort();
      } else await route.continue();
    });
    await answerField(page).fill('And the fuse');
    await page.keyboard.press('Enter');
    await expect.poll(() => bodies(page), within).toHaveLength(3);
    await page.reload();
    await thread(page).getByText('And the fuse').waitFor();
    await expect.poll(() => page.getByText('Not sent:').count(), within).toBe(0);
    expect(await bodies(page)).toEqual(['My lamp is dark', 'Turn the switch', 'And the fuse']);
    const answer = await fetch(`${earshot.url}/admin/api/conversations/${first}/messages`, {
      headers: { authorization: `Bearer ${team.accessToken}` },
    });
    const { messages } = (await answer.json()) as { messages: { body: string }[] };
    expect(messages.map(({ body }) => body)).toEqual(await bodies(page));
  }, 90_000);

  it('follow who signs in and out on the customer page', async () => {
    const team = await newTeam();
    const shop = await shopOf(team);
    const page = await device({ viewport: { width: 1280, height: 800 } });
    const visitor = await device();
    const faults = collectFaults(visitor);
    await signIn(page, team.email);
    await visitor.goto(shop.url);
    await visitor.getByRole('button', { name: 'Open the chat' }).waitFor();
    await visitor.evaluate(
      "EarshotChat.setUser({ id: 'u1', name: 'Ana Petrova', email: 'ana@example.com', attributes: { plan: 'gold' } })",
    );
    await visitor.evaluate('EarshotChat.open()');
    await messageField(visitor).fill('It is me, Ana.');
    await visitor.keyboard.press('Enter');
    await page.getByRole('link', { name: /Ana Petrova/ }).click();
    await page.getByText('gold').waitFor();
    await answerField(page).fill('A word for Ana only');
    await page.keyboard.press('Enter');
    await visitor.getByText('A word for Ana only').waitFor();

    await visitor.evaluate('EarshotChat.clearUser()');
    await visitor.getByText('A word for Ana only').waitFor({ state: 'detached' });
    await messageField(visitor).fill('Somebody else');
    await visitor.keyboard.press('Enter');
    await page.getByRole('link', { name: /Visitor.*Somebody else/ }).waitFor();
    await visitor.evaluate("EarshotChat.setUser({ id: 'u1', name: 'Ana Petrova' })");
    await visitor.getByText('A word for Ana only').waitFor();
    expect(await visitor.getByText('Somebody else').count()).toBe(0);
    await visitor.evaluate("EarshotChat.track('teapot_viewed', { colour: 'blue' })");

    const newcomer = await device();
    await newcomer.goto(shop.url);
    await newcomer.getByRole('button', { name: 'Open the chat' }).click();
    await messageField(newcomer).fill('Before I sign in');
    await newcomer.keyboard.press('Enter');
    await page.getByRole('link', { name: /Visitor.*Before I sign in/ }).waitFor();
    await newcomer.evaluate("EarshotChat.setUser({ id: 'u2', name: 'Ben', email: null })");
    await page.getByRole('link', { name: /Ben.*Before I sign in/ }).waitFor();
    await newcomer.getByText('Before I sign in').waitFor();
    await newcomer.reload();
    await newcomer.evaluate("EarshotChat.setUser({ id: 'u2', name: 'Ben', email: null })");
    await newcomer.evaluate('EarshotChat.open()');
    await newcomer.getByText('Before I sign in').waitFor();

    await page.getByRole('link', { name: 'Analytics' }).click();
    await page.getByRole('heading', { name: 'Messages per day' }).waitFor();
    await page.getByText('teapot_viewed').first().waitFor();
    expect(faults).toEqual([]);
  }, 60_000);

  it('can be worked in by keyboard alone', async () => {
    const team = await newTeam();
    await customer(team, 'Ada', 'The oldest');
    const second = await customer(team, 'Ben', 'The middle one');
    await customer(team, 'Cleo', 'The newest');
    await post(
      '/admin/settings/canned-replies',
      { shortcut: 'hello', body: 'Hello! How can I help?' },
      { authorization: `Bearer ${team.accessToken}` },
    );
    const page = await device({ viewport: { width: 1280, height: 800 } });
    await signIn(page, team.email);
    await expect.poll(() => rows(page).count()).toBe(3);

    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Cleo' }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Ben' }).waitFor();
    expect(new URL(page.url()).searchParams.get('id')).toBe(second);
    await page.keyboard.press('r');
    await page.keyboard.type('A draft for Ben');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Ada' }).waitFor();
    expect(await answerField(page).inputValue()).toBe('');
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: 'Ben' }).waitFor();
    expect(await answerField(page).inputValue()).toBe('A draft for Ben');

    await page.keyboard.press('r');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('/he');
    await page.getByRole('option', { name: /hello/ }).waitFor();
    await page.keyboard.press('Enter');
    expect(await answerField(page).inputValue()).toBe('Hello! How can I help?');
    await page.keyboard.press('Enter');
    await thread(page).getByText('Hello! How can I help?').waitFor();

    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await expect.poll(() => page.getByRole('combobox', { name: 'Assigned to' }).inputValue()).not.toBe('');
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Reopen' }).waitFor();
    await expect.poll(() => rows(page).count()).toBe(2);
    await page.keyboard.press('/');
    await page.keyboard.type('ben');
    await page.getByText('1 conversation found').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Resolved' }).click();
    await page
      .getByRole('link', { name: /^Ben|Ben/ })
      .first()
      .waitFor();
  }, 60_000);

  it('read a long thread upwards without losing the place', async () => {
    const team = await newTeam();
    const texts = Array.from({ length: 120 }, (_, place) => `Line ${place + 1}.`);
    const id = await customer(team, 'Mona', ...texts);
    const page = await device({ viewport: { width: 1280, height: 800 } });
    await signIn(page, team.email, `/admin?id=${id}`);
    await thread(page).getByText('Line 120.').waitFor();
    expect(await bodies(page)).toHaveLength(50);
    expect(await thread(page).getByText('Line 120.').isVisible()).toBe(true);
    await page.evaluate("document.querySelector('[role=log]').scrollTop = 150");
    await expect.poll(async () => (await bodies(page)).length, within).toBe(100);
    // What stood at the top before still stands there, and not the oldest of the page that came.
    const top = await page.evaluate<number>("document.querySelector('[role=log]').scrollTop");
    expect(top).toBeGreaterThan(1_000);
    await page.evaluate("document.querySelector('[role=log]').scrollTop = 0");
    await page.getByText('The beginning of the conversation').waitFor();
    expect(await bodies(page)).toEqual(texts);
  }, 60_000);

  it('show an agent what an agent may do, from the invitation on', async () => {
    const team = await newTeam();
    const id = await customer(team, 'Ada', 'Hello');
    const page = await device({ viewport: { width: 1280, height: 800 } });
    await signIn(page, team.email, '/admin?view=settings&section=team');
    await page.getByRole('button', { name: 'Invite' }).click();
    const email = `agent-${randomUUID()}@example.com`;
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByRole('dialog', { name: 'The invitation' }).locator('code').textContent();
    await page.getByLabel('I have stored it').check();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('list', { name: 'Open invitations' }).getByText(email).waitFor();

    const agent = await device({ viewport: { width: 1280, height: 800 } });
    const { pathname, search } = new URL(link ?? '');
    await agent.goto(earshot.url + pathname + search);
    await agent.getByLabel('E-mail').fill(email);
    await agent.getByLabel('Password').fill(password);
    await agent.getByRole('button', { name: 'Join the team' }).click();
    await agent.getByRole('link', { name: /Ada/ }).click();
    await answerField(agent).fill('An answer of the agent');
    await agent.keyboard.press('Enter');
    await thread(agent).getByText('An answer of the agent').waitFor();
    expect(await agent.getByRole('button', { name: 'Resolve' }).count()).toBe(0);
    expect(await agent.getByRole('combobox', { name: 'Assigned to' }).count()).toBe(0);
    await agent.getByRole('link', { name: 'Settings' }).click();
    await agent.getByRole('heading', { name: 'Profile' }).waitFor();
    const sections = await agent
      .getByRole('navigation', { name: 'Settings' })
      .getByRole('link')
      .allTextContents();
    expect(sections).toEqual(['Profile', 'Canned replies']);

    await page.goto(`${earshot.url}/admin?id=${id}`);
    await thread(page).getByText('An answer of the agent').waitFor();
    await page.goto(`${earshot.url}/admin?view=settings&section=team`);
    await page
      .getByRole('listitem')
      .filter({ hasText: email })
      .getByRole('button', { name: 'Disable' })
      .click();
    await agent.getByRole('heading', { name: 'Sign in to the inbox' }).waitFor({ timeout: 20_000 });
  }, 90_000);

  it('make, rotate and revoke keys that are seen once', async () => {
    const team = await newTeam();
    const page = await device({ viewport: { width: 1280, height: 800 } });
    await signIn(page, team.email, '/admin?view=settings&section=keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Web shop');
    await page.getByRole('button', { name: 'Create' }).click();
    const shown = page.getByRole('dialog', { name: 'Your new key' });
    const key = (await shown.locator('code').first().textContent()) ?? '';
    expect(await shown.getByRole('button', { name: 'Done' }).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect(await shown.isVisible()).toBe(true);
    await shown.getByText('I have stored it').click();
    await shown.getByRole('button', { name: 'Done' }).click();
    await shown.waitFor({ state: 'hidden' });
    expect(await page.content()).not.toContain(key);

    await customer({ ...team, apiKey: key }, 'Ada', 'With the new key');
    const own = page.getByRole('listitem').filter({ hasText: 'Web shop' });
    await own.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('The key is revoked.').waitFor();
    await expect(customer({ ...team, apiKey: key }, 'Ben')).rejects.toThrow('403');
  }, 60_000);

  it('renew a token by themselves, and keep the place when the sign-in has ended', async () => {
    const team = await newTeam();
    const id = await customer(team, 'Ada', 'Where was I?');
    const page = await device({ viewport: { width: 1280, height: 800 } });
    await signIn(page, team.email, `/admin?id=${id}`);
    await thread(page).getByText('Where was I?').waitFor();
    await page.reload();
    await thread(page).getByText('Where was I?').waitFor();

    await page.evaluate(`{
      const session = JSON.parse(localStorage['earshot.support.session']);
      localStorage['earshot.support.session'] = JSON.stringify({ ...session, refreshToken: 'of-no-use' });
    }`);
    await page.reload();
    await page.getByText('You were signed out:').waitFor();
    await page.getByLabel('E-mail').fill(team.email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await thread(page).getByText('Where was I?').waitFor();
  }, 60_000);

  it.each([
    ['light', 1_280],
    ['dark', 390],
  ] as const)(
    'have no serious barrier and fit in %s at %i px',
    async (colorScheme, width) => {
      const team = await newTeam();
      const id = await customer(
        team,
        'A customer with quite a long name of their own',
        'Hello',
        'Are you there?',
      );
      const shop = await shopOf(team);
      const options = { colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' as const };
      const page = await device(options);
      await page.goto(`${earshot.url}/admin`);
      await page.getByRole('heading', { name: 'Sign in to the inbox' }).waitFor();
      expect(await seriousBarriers(page)).toEqual([]);
      await signIn(page, team.email);
      const places = [
        ['', page.getByRole('link', { name: /quite a long name/ })],
        [`?id=${id}`, thread(page).getByText('Are you there?')],
        ['?view=people', page.getByRole('list', { name: 'People' })],
        ['?view=analytics', page.getByRole('heading', { name: 'Messages per day' })],
        ['?view=settings', page.getByRole('heading', { name: 'Change the password' })],
        ['?view=settings&section=team', page.getByRole('list', { name: 'Members' })],
        ['?view=settings&section=keys', page.getByRole('list', { name: 'API keys' })],
        ['?view=settings&section=replies', page.getByText('There is none yet')],
        ['?view=settings&section=webhooks', page.getByText('There is none yet')],
        ['?view=settings&section=app', page.getByLabel('Name of the app')],
      ] as const;
      for (const [address, sign] of places) {
        await page.goto(`${earshot.url}/admin${address}`);
        await sign.first().waitFor();
        expect(await seriousBarriers(page), address).toEqual([]);
        expect(await overflows(page), address).toBe(false);
      }
      // A page whose policy allows no evaluated script cannot be asked by axe; the demo page carries the same chat.
      const demo = await device(options);
      await demo.goto(`${earshot.url}/support/demo#app=${team.appId}&key=${team.apiKey}`);
      await messageField(demo).fill('Hello');
      await demo.keyboard.press('Enter');
      await demo.getByTitle('Sent', { exact: true }).waitFor();
      expect(await seriousBarriers(demo)).toEqual([]);
      expect(await overflows(demo)).toBe(false);
      const visitor = await device(options);
      await visitor.goto(shop.url);
      await visitor.getByRole('button', { name: 'Open the chat' }).click();
      await messageField(visitor).waitFor();
      expect(await overflows(visitor)).toBe(false);
      await visitor.keyboard.press('Escape');
      await visitor.getByRole('button', { name: 'Open the chat' }).waitFor();
      expect(
        await visitor.evaluate(
          "document.querySelector('[data-earshot-chat]').shadowRoot.activeElement.getAttribute('aria-label')",
        ),
      ).toBe('Open the chat');
    },
    300_000,
  );
});
