import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanionApp, startCompanionApp } from '../../support/companion-app.js';
import { type Ground, layGround, movableClock, stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import { readAnswer } from './strict-model.js';

const APP = 'omi://auth/callback';

/** A provider's token address that notes what it is asked. */
async function startTokenServer() {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    asked.push(form);
    const isGood = form.get('code') === 'good';
    response.writeHead(isGood ? 200 : 400, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        isGood ? { id_token: 'an.id.token', access_token: 'an-access-token' } : { error: 'invalid_grant' },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The token server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/token`,
    asked,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe.each(stacks)('§2.3 sign-in by browser, on %s', (stack) => {
  const clock = movableClock();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let ground: Ground;
  let tokens: Awaited<ReturnType<typeof startTokenServer>>;
  let app: CompanionApp;
  beforeAll(async () => {
    ground = await layGround(stack);
    tokens = await startTokenServer();
    const keyFile = join(ground.dataDirectory, 'apple.p8');
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    app = await startCompanionApp(stack, {
      ground,
      clock,
      environment: {
        PUBLIC_URL: 'https://companion.example/',
        GOOGLE_CLIENT_ID: 'google-client',
        GOOGLE_CLIENT_SECRET: 'google-secret',
        GOOGLE_TOKEN_URL: tokens.url,
        APPLE_SERVICES_ID: 'apple-client',
        APPLE_TEAM_ID: 'TEAM',
        APPLE_KEY_ID: 'KEY',
        APPLE_PRIVATE_KEY_FILE: keyFile,
        APPLE_TOKEN_URL: tokens.url,
        AUTH_REDIRECT_URIS: 'https://desktop.example/back?from=earshot',
      },
    });
  });
  afterAll(async () => {
    await app.stop();
    await tokens.stop();
    await ground.remove();
  });

  const open = async (path: string, form?: Record<string, string>) => {
    const answer = await fetch(`${app.url}/${path}`, {
      redirect: 'manual',
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    const location = answer.headers.get('location');
    return { status: answer.status, location: location === null ? null : new URL(location) };
  };
  const authorize = (provider: string, redirectUri = APP, state = 'the-apps-own-state') =>
    open(`v1/auth/authorize?${new URLSearchParams({ provider, redirect_uri: redirectUri, state })}`);
  const begin = async (provider: string, redirectUri?: string): Promise<string> =>
    (await authorize(provider, redirectUri)).location?.searchParams.get('state') ?? '';
  const comeBack = (query: Record<string, string>) =>
    open(`v1/auth/callback/google?${new URLSearchParams(query)}`);
  const redeem = async (form: Record<string, string>) => {
    const answer = await fetch(`${app.url}/v1/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', redirect_uri: APP, ...form }),
    });
    const read = { status: answer.status, headers: answer.headers, text: await answer.text() };
    readAnswer('POST', 'v1/auth/token', read);
    return { status: read.status, json: JSON.parse(read.text) };
  };

  it('goes to Google and back with a code that is good once', async () => {
    const { status, location } = await authorize('google');
    expect(status).toBe(302);
    expect(location?.origin + (location?.pathname ?? '')).toBe(
      'https://accounts.google.com/o/oauth2/v2/auth',
    );
    expect(Object.fromEntries(location?.searchParams ?? [])).toMatchObject({
      client_id: 'google-client',
      response_type: 'code',
      redirect_uri: 'https://companion.example/v1/auth/callback/google',
    });
    const back = await comeBack({ code: 'good', state: location?.searchParams.get('state') ?? '' });
    expect(back.status).toBe(302);
    expect(back.location?.href).toMatch(/^omi:\/\/auth\/callback\?code=/);
    expect(back.location?.searchParams.get('state')).toBe('the-apps-own-state');
    expect(Object.fromEntries(tokens.asked.at(-1) ?? [])).toEqual({
      client_id: 'google-client',
      client_secret: 'google-secret',
      code: 'good',
      grant_type: 'authorization_code',
      redirect_uri: 'https://companion.example/v1/auth/callback/google',
    });
    const code = back.location?.searchParams.get('code') ?? '';
    expect((await redeem({ code })).json).toEqual({
      provider: 'google',
      id_token: 'an.id.token',
      access_token: 'an-access-token',
      provider_id: 'google.com',
      token_type: 'Bearer',
      expires_in: 3_600,
    });
    expect((await redeem({ code })).status).toBe(400);
  });

  it('goes to Apple, which posts a form, with a secret that Apple can check', async () => {
    const { location } = await authorize('apple');
    expect(location?.searchParams.get('response_mode')).toBe('form_post');
    const state = location?.searchParams.get('state') ?? '';
    const back = await open('v1/auth/callback/apple', { code: 'good', state, user: '{"name":{}}' });
    expect(back.location?.href).toMatch(/^omi:\/\/auth\/callback\?code=/);
    const secret = tokens.asked.at(-1)?.get('client_secret') ?? '';
    expect(decodeProtectedHeader(secret)).toMatchObject({ alg: 'ES256', kid: 'KEY' });
    await jwtVerify(secret, publicKey, {
      issuer: 'TEAM',
      subject: 'apple-client',
      audience: 'https://appleid.apple.com',
      currentDate: new Date(clock.now()),
    });
    const { json } = await redeem({ code: back.location?.searchParams.get('code') ?? '' });
    expect(json).toMatchObject({ provider: 'apple', provider_id: 'apple.com' });
  });

  it('returns only to addresses that are listed', async () => {
    for (const uri of ['https://evil.example/', 'omi://auth/callback/more', 'omi://evil', '']) {
      expect((await authorize('google', uri)).status, uri).toBe(400);
    }
    const configured = 'https://desktop.example/back?from=earshot';
    const back = await comeBack({ code: 'good', state: await begin('google', configured) });
    expect(back.location?.href).toMatch(/^https:\/\/desktop\.example\/back\?from=earshot&code=/);
    const code = back.location?.searchParams.get('code') ?? '';
    expect((await redeem({ code })).status, 'for another address').toBe(400);
  });

  it('refuses unknown providers, grants, codes and attempts', async () => {
    expect((await authorize('facebook')).status).toBe(400);
    expect((await authorize('google', APP, '')).status).toBe(400);
    expect((await redeem({ code: 'made-up' })).status).toBe(400);
    expect((await redeem({ code: 'x', grant_type: 'password' })).status).toBe(400);
    expect((await comeBack({ code: 'good', state: 'made-up' })).status).toBe(400);
    expect((await comeBack({ code: 'good', state: await begin('apple') })).status).toBe(400);
  });

  it('tells the app when nothing came of it', async () => {
    const denied = await comeBack({ error: 'access_denied', state: await begin('google') });
    expect(denied.location?.href).toBe(`${APP}?error=access_denied&state=the-apps-own-state`);
    const failed = await comeBack({ code: 'bad', state: await begin('google') });
    expect(failed.location?.href).toBe(`${APP}?error=server_error&state=the-apps-own-state`);
  });

  it('is over after five minutes', async () => {
    const state = await begin('google');
    const back = await comeBack({ code: 'good', state });
    clock.advance(5 * 60_000);
    expect((await comeBack({ code: 'good', state })).status).toBe(400);
    expect((await redeem({ code: back.location?.searchParams.get('code') ?? '' })).status).toBe(400);
  });

  it('is not offered where no provider is configured', async () => {
    const plain = await startCompanionApp(stack, { ground });
    const query = new URLSearchParams({ provider: 'google', redirect_uri: APP, state: 'x' });
    const { status, json } = await call(`${plain.url}/v1/auth/authorize?${query}`);
    expect(status).toBe(400);
    expect(json.code).toBe('BAD_REQUEST');
    await plain.stop();
  });
});
