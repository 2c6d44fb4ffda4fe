import { describe, expect, test } from 'vitest';
import type { Authorization, HttpClient } from '../../src/index.js';
import {
  createHttpClient,
  createRateLimits,
  EarshotError,
  ERROR_CODES,
  isEarshotError,
  retryDelayMs,
  retryPolicies,
  wordsOf,
} from '../../src/index.js';
import { errorAnswer, json } from '../support/fake-server.js';
import type { World } from '../support/world.js';
import { createWorld } from '../support/world.js';

const nobody: Authorization = { token: () => 'a', refresh: async () => false, expire: async () => undefined };

function clientFor(
  answers: (call: number, init: RequestInit) => Response | Promise<Response>,
  authorization: Authorization = nobody,
): { readonly http: HttpClient; readonly world: World; readonly calls: RequestInit[] } {
  const calls: RequestInit[] = [];
  const world = createWorld(async (_url, init = {}) => {
    calls.push(init);
    return await answers(calls.length, init);
  });
  const http = createHttpClient({
    baseUrl: 'http://stories.test',
    environment: world,
    log: () => undefined,
    authorization: () => authorization,
  });
  return { http, world, calls };
}

/** Time passes until the request is over. */
async function over<T>(world: World, request: Promise<T>): Promise<{ value: T | unknown; ms: number }> {
  const begun = world.now();
  let done = false;
  const settled = request.then(
    (value) => ({ value }),
    (value: unknown) => ({ value }),
  );
  settled.then(
    () => {
      done = true;
    },
    () => undefined,
  );
  while (!done) await world.pass(100);
  return { ...(await settled), ms: world.now() - begun };
}

const headersOf = (init: RequestInit | undefined): Headers => new Headers(init?.headers);

describe('retries', () => {
  test('row 23: three attempts of the default policy take less than 10 s', async () => {
    const { http, world, calls } = clientFor((call) =>
      call < 3 ? errorAnswer(503, 'ServiceUnavailable') : json({ ok: 1 }),
    );
    const { value, ms } = await over(world, http.json({ path: '/api/ping' }));
    expect(value).toEqual({ ok: 1 });
    expect(calls).toHaveLength(3);
    expect(ms).toBeLessThan(10_000);
  });

  test('the policies are those of the contract', () => {
    const none = { random: () => 0 };
    const delays = (name: keyof typeof retryPolicies) =>
      Array.from({ length: retryPolicies[name].retries }, (_, n) =>
        retryDelayMs(retryPolicies[name], n, none),
      );
    expect(delays('default')).toEqual([1000, 2000, 4000]);
    expect(delays('aggressive')).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(delays('conservative')).toEqual([2000, 4000]);
    expect(retryDelayMs(retryPolicies.default, 20, { random: () => 0.999 })).toBe(30_000);
    expect(retryDelayMs(retryPolicies.default, 0, { random: () => 0.5 })).toBe(1500);
  });

  test.each([408, 429, 500, 502, 503, 504])('%i is tried again', async (status) => {
    const { http, world, calls } = clientFor((call) =>
      call === 1 ? errorAnswer(status, 'X', 'x', {}, { 'retry-after': '1' }) : json({}),
    );
    await over(world, http.json({ path: '/x' }));
    expect(calls).toHaveLength(2);
  });

  test.each([400, 403, 404, 409, 413, 422])('%i is not', async (status) => {
    const { http, world, calls } = clientFor(() => errorAnswer(status, 'X'));
    await over(world, http.json({ path: '/x' }));
    expect(calls).toHaveLength(1);
  });

  test('Retry-After is waited for; a reset beyond the cap is told at once', async () => {
    const short = clientFor((call) =>
      call === 1 ? errorAnswer(429, 'RateLimitExceeded', '', {}, { 'retry-after': '7' }) : json({}),
    );
    expect((await over(short.world, short.http.json({ path: '/x' }))).ms).toBeGreaterThanOrEqual(7000);
    const resetAt = new Date(short.world.now() + 1_800_000).toISOString();
    const long = clientFor(() =>
      errorAnswer(429, 'RateLimitExceeded', '', { resetAt, operation: 'story_generation' }),
    );
    const { value } = await over(long.world, long.http.json({ path: '/x' }));
    expect(value).toMatchObject({
      code: 'rateLimited',
      operation: 'story_generation',
      resetAt: Date.parse(resetAt),
    });
    expect(long.calls).toHaveLength(1);
  });

  test('all attempts of a POST carry one idempotency key', async () => {
    const { http, world, calls } = clientFor((call) => (call < 3 ? errorAnswer(500, 'X') : json({})));
    await over(world, http.json({ method: 'POST', path: '/x' }));
    expect(new Set(calls.map((init) => headersOf(init).get('idempotency-key'))).size).toBe(1);
    expect(headersOf(calls[0]).get('idempotency-key')).toBeTruthy();
  });
});

describe('authorization', () => {
  const replaying = (refreshes: boolean) => {
    const seen = { refreshed: 0, expired: 0 };
    let token = 'old';
    const authorization: Authorization = {
      token: () => token,
      refresh: async () => {
        seen.refreshed += 1;
        if (refreshes) token = 'new';
        return refreshes;
      },
      expire: async () => {
        seen.expired += 1;
      },
    };
    return { seen, authorization };
  };

  test('row 8: a 401 leads to one refresh and one replay', async () => {
    const { seen, authorization } = replaying(true);
    const { http, calls } = clientFor(
      (_call, init) =>
        headersOf(init).get('authorization') === 'Bearer new'
          ? json({ ok: 1 })
          : errorAnswer(401, 'Unauthorized'),
      authorization,
    );
    expect(await http.json({ path: '/x' })).toEqual({ ok: 1 });
    expect(calls).toHaveLength(2);
    expect(seen).toEqual({ refreshed: 1, expired: 0 });
  });

  test('a replay that is refused as well ends the session', async () => {
    const { seen, authorization } = replaying(true);
    const { http, calls } = clientFor(() => errorAnswer(401, 'Unauthorized'), authorization);
    await expect(http.json({ path: '/x' })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(calls).toHaveLength(2);
    expect(seen.expired).toBe(1);
  });

  test('the token goes to our server only, and cookies to none', async () => {
    const { http, calls } = clientFor(() => json({}));
    await http.json({ path: 'http://bucket.test/file?signature=1' });
    await http.json({ path: '/x' });
    expect(calls.map((init) => headersOf(init).get('authorization'))).toEqual([null, 'Bearer a']);
    expect(calls.every(({ credentials }) => credentials === 'omit')).toBe(true);
  });
});

describe('errors', () => {
  test('row 30: each has words and a hint for people', () => {
    for (const code of ERROR_CODES) {
      const error = new EarshotError(code);
      expect(error.message).toMatch(/^[A-Z].*\.$/);
      expect(error.hint).toMatch(/^[A-Z].*\.$/);
      expect(wordsOf(code)).toEqual({ message: error.message, hint: error.hint });
    }
  });

  test.each([
    [400, 'ValidationError', 'validation'],
    [400, 'BadRequest', 'badRequest'],
    [401, 'INVALID_EMAIL_OR_PASSWORD', 'invalidCredentials'],
    [401, 'Unauthorized', 'unauthorized'],
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'notFound'],
    [409, 'Conflict', 'conflict'],
    [413, 'PayloadTooLarge', 'tooLarge'],
    [422, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL', 'emailTaken'],
    [429, 'RateLimitExceeded', 'rateLimited'],
    [429, 'RATE_LIMIT', 'aiBusy'],
    [500, 'InternalServerError', 'server'],
    [502, 'AIError', 'aiFailed'],
    [503, 'ServiceUnavailable', 'unavailable'],
  ] as const)('%i %s is %s', async (status, name, code) => {
    const { http } = clientFor(() => errorAnswer(status, name));
    await expect(http.json({ path: '/x', retry: 'none' })).rejects.toMatchObject({ code, status });
  });

  test('names the fields of a refusal', async () => {
    const { http } = clientFor(() =>
      errorAnswer(400, 'ValidationError', 'name: is required; age: must be 3 to 12'),
    );
    await expect(http.json({ path: '/x' })).rejects.toMatchObject({
      fields: { name: 'is required', age: 'must be 3 to 12' },
    });
  });

  test('an answer that is no JSON, no network, no answer in time and an abort are told apart', async () => {
    const garbage = clientFor(() => new Response('<html>'));
    await expect(garbage.http.json({ path: '/x' })).rejects.toMatchObject({ code: 'invalidAnswer' });
    const gone = clientFor(() => Promise.reject(new TypeError('fetch failed')));
    await expect(gone.http.json({ path: '/x', retry: 'none' })).rejects.toMatchObject({ code: 'offline' });
    const hangs = (init: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const slow = clientFor((_call, init) => hangs(init));
    const late = await over(slow.world, slow.http.json({ path: '/x', retry: 'none' }));
    expect(late).toMatchObject({ value: { code: 'timeout' }, ms: 300_000 });
    const stop = new AbortController();
    const stopped = clientFor((_call, init) => hangs(init)).http.json({ path: '/x', signal: stop.signal });
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('files', () => {
  const half = () => new Response(new Uint8Array(50), { headers: { 'content-length': '100' } });

  test('a download tells its progress up to 1', async () => {
    const { http } = clientFor(
      () => new Response(new Uint8Array(100), { headers: { 'content-length': '100' } }),
    );
    const shares: number[] = [];
    const { bytes } = await http.download({ path: '/f' }, (share) => shares.push(share));
    expect(bytes).toHaveLength(100);
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
  });

  test('a download that breaks off is an error, not half a file', async () => {
    const { http } = clientFor(half);
    const broken = await http.download({ path: '/f', retry: 'none' }).catch((error: unknown) => error);
    expect(isEarshotError(broken, 'truncated')).toBe(true);
  });

  test('an upload sends its bytes as they are', async () => {
    const { http, calls } = clientFor(() => new Response(null, { status: 200 }));
    await http.upload({ path: '/f', bytes: new Uint8Array(3), contentType: 'image/png' });
    expect(calls[0]?.method).toBe('PUT');
    expect(headersOf(calls[0]).get('content-type')).toBe('image/png');
  });
});

test('row 31: a limit is known before it is asked again, and forgotten when it is lifted', async () => {
  const world = createWorld(async () => json({}));
  const limits = createRateLimits(world);
  const resetAt = world.now() + 60_000;
  limits.takeExchange({
    path: '/api/stories',
    status: 429,
    headers: new Headers(),
    error: new EarshotError('rateLimited', { resetAt, operation: 'story_generation' }),
  });
  expect(limits.waitMs('story_generation')).toBe(60_000);
  expect(limits.waitMs('audio_generation')).toBe(0);
  await world.pass(60_000);
  expect(limits.waitMs('story_generation')).toBe(0);
  limits.takeUsage({
    rateLimits: {
      ai_assistant: { limit: 30, remaining: 0, resetAt: new Date(world.now() + 1000).toISOString() },
    },
  });
  expect(limits.waitMs('ai_assistant')).toBe(1000);
});
