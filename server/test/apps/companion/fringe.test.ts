import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';

describe('§8.4 what is not kept here', () => {
  let app: CompanionApp;
  let user: CompanionUser;
  beforeAll(async () => {
    app = await startCompanionApp('SQLite and files');
    user = await app.signUp();
  });
  afterAll(() => app.stop());

  const noApps = { total: 0, count: 0, offset: 0, limit: 20 };
  it.each([
    ['v2/apps', { groups: [], data: [], pagination: noApps, category: null, meta: {} }],
    ['v2/apps?category=productivity', { groups: [], data: [], pagination: noApps, category: null, meta: {} }],
    ['v2/apps/search?q=x', { data: [], pagination: noApps, filters: {} }],
    ['v1/apps/popular', []],
    ['v1/apps', []],
    ['v1/approved-apps', []],
    ['v1/app-categories', []],
    ['v1/app-capabilities', []],
    ['v1/apps/proactive-notification-scopes', []],
    ['v1/app/plans', []],
    ['v1/apps/some/reviews', []],
    ['v1/apps/some/keys', []],
    ['v1/apps/check-username?username=x', { is_taken: false }],
    ['v1/payments/available-plans', { plans: [] }],
    ['v1/trends', []],
    ['v1/public-conversations', []],
    ['v1/users/training-data-opt-in', { opted_in: false, status: null }],
    ['v1/users/analytics/memory_summary?memory_id=x', { has_rating: true }],
    ['v1/joan/some/followup-question', { result: '' }],
    ['v1/users/migration/requests?target_level=enhanced', { needs_migration: [] }],
  ])('GET %s is empty', async (path, answer) => {
    expect((await user.get(path)).json).toEqual(answer);
  });

  it.each([
    'v1/apps/enable?app_id=x',
    'v1/apps/disable?app_id=x',
    'v1/apps/migrate-owner?old_id=x',
    'v1/users/training-data-opt-in',
    'v1/users/analytics/memory_summary?memory_id=x&value=1&reason=null',
    'v1/users/migration/requests',
    'v1/users/migration/batch-requests',
    'v1/users/migration/requests/data-protection-level/finalize',
  ])('POST %s is fine', async (path) => {
    expect((await user.post(path, { requests: [] })).status).toBe(200);
    expect((await user.post(path)).status).toBe(200);
  });

  it.each([
    ['GET', 'v1/apps/some'],
    ['GET', 'v1/apps/some/subscription'],
    ['GET', 'v1/personas'],
    ['GET', 'v1/personas/twitter/profile?handle=x'],
    ['GET', 'v1/payment-methods/status'],
    ['GET', 'v1/stripe/onboarded'],
    ['GET', 'v1/stripe/supported-countries'],
    ['GET', 'v1/paypal/payment-details'],
    ['GET', 'v2/firmware/latest?device_model=x&firmware_revision=1'],
    ['POST', 'v1/apps'],
    ['POST', 'v1/personas'],
    ['POST', 'v1/payments/checkout-session'],
    ['POST', 'v1/payments/upgrade-subscription'],
    ['POST', 'v1/tts/generate'],
    ['POST', 'v1/notifications/test-tts-push'],
    ['PATCH', 'v1/apps/some'],
    ['DELETE', 'v1/payments/subscription'],
    ['GET', 'v1/nothing/of/the/kind'],
    ['GET', 'v9/nothing'],
  ] as const)('%s %s is not found, in JSON', async (method, path) => {
    const send = { GET: user.get, POST: user.post, PATCH: user.patch, DELETE: user.delete }[method];
    expect((await send(path)).status).toBe(404);
  });

  it('takes uploads where there is no place for them', async () => {
    const file = [{ field: 'file', name: 'a.bin', bytes: new Uint8Array(100_000) }];
    expect((await user.upload('sdcard_memory?date_time=2026-11-21', file)).json).toEqual([]);
    expect((await user.upload('v1/app/thumbnails', file)).status).toBe(404);
  });
});
