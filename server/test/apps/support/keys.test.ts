import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../../../src/apps/support/keys/api-key.js';
import type { SupportTables } from '../../../src/apps/support/tables.js';
import { type Transaction, withTables } from '../../../src/platform/database/database.js';
import { eventually, movableClock, stacks } from '../../support/servers.js';
import { type MadeApp, type SupportApp, startSupportApp } from '../../support/support-app.js';
import { sdkDevice } from '../../support/support-client.js';

describe('a new API key', () => {
  it('says what it is, has 32 random bytes, and is kept as a hash', () => {
    const { apiKey, prefix, hash } = newApiKey();
    expect(apiKey).toMatch(/^rhq_[A-Za-z0-9_-]{43}$/);
    expect(apiKey.startsWith(prefix)).toBe(true);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(newApiKey().apiKey).not.toBe(apiKey);
  });
});

describe.each(stacks)('API keys of SDK installations, on %s', (stack) => {
  const clock = movableClock();
  let nodes: SupportApp[];
  let app: MadeApp;
  beforeAll(async () => {
    const first = await startSupportApp(stack, { clock });
    const isOne = stack === 'SQLite and files';
    nodes = isOne ? [first] : [first, await startSupportApp(stack, { clock, ground: first.ground })];
    app = await first.createApp();
  });
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.stop();
  });
  const first = () => nodes[0] as SupportApp;
  const statuses = async (apiKey: string) => {
    const { appId } = app;
    return Promise.all(
      nodes.map(async ({ url }) => (await sdkDevice(url, { appId, apiKey }).post('/conversations')).status),
    );
  };
  const write = (work: (tx: Transaction) => Promise<unknown>) => first().platform.database.transaction(work);
  const all = (status: number) => nodes.map(() => status);

  it('several keys of an app work side by side, and each ends at its own time', async () => {
    const forever = await first().addKey(app.appId);
    const ending = await first().addKey(app.appId, { expiresAt: clock.now() + 30_000 });
    expect([await statuses(forever.apiKey), await statuses(ending.apiKey)]).toEqual([all(200), all(200)]);
    clock.advance(29_999);
    expect(await statuses(ending.apiKey)).toEqual(all(200));
    clock.advance(1);
    expect([await statuses(forever.apiKey), await statuses(ending.apiKey)]).toEqual([all(200), all(403)]);
  });

  it('D20: a revoked key is refused at once on all nodes that are told', async () => {
    const { apiKey, keyId } = await first().addKey(app.appId);
    expect(await statuses(apiKey)).toEqual(all(200));
    await write((tx) =>
      withTables<SupportTables>(tx)
        .updateTable('support_api_keys')
        .set({ revoked_at: clock.now() })
        .where('id', '=', keyId)
        .execute(),
    );
    await first().fanOut.tell({ type: 'key-ended', appId: app.appId, keyId });
    await eventually(
      () => statuses(apiKey),
      (found) => found.every((status) => status === 403),
      1_000,
    );
  });

  it('is refused within a second also by nodes that were not told', async () => {
    const { apiKey, keyId } = await first().addKey(app.appId);
    expect(await statuses(apiKey)).toEqual(all(200));
    await write((tx) =>
      withTables<SupportTables>(tx)
        .updateTable('support_api_keys')
        .set({ expires_at: clock.now() })
        .where('id', '=', keyId)
        .execute(),
    );
    clock.advance(1_000);
    expect(await statuses(apiKey)).toEqual(all(403));
  });

  it('D19: no table and no line of the log holds a key', async () => {
    const { apiKey } = await first().addKey(app.appId);
    const sdk = sdkDevice(first().url, { appId: app.appId, apiKey });
    await sdk.send(await sdk.open(), 'words that are nobody else’s');
    await sdk.post('/push-token', { token: 'a-secret-push-token', platform: 'ios', device_id: sdk.deviceId });
    await sdk.get('/nowhere');
    const keys = await withTables<SupportTables>(first().platform.database.read)
      .selectFrom('support_api_keys')
      .selectAll()
      .execute();
    expect(JSON.stringify(keys)).not.toContain(apiKey);
    const logged = nodes.flatMap((node) => node.logged).join('\n');
    expect(logged.length).toBeGreaterThan(1_000);
    for (const secret of [apiKey, app.apiKey, 'words that are nobody', 'a-secret-push-token']) {
      expect(logged.includes(secret), secret).toBe(false);
    }
  });

  it('notes when a key was last used', async () => {
    const alone = await startSupportApp(stack, { clock, ground: first().ground });
    const { apiKey, keyId } = await alone.addKey(app.appId);
    const usedAt = clock.now();
    await sdkDevice(alone.url, { appId: app.appId, apiKey }).open();
    await alone.stop();
    const key = await withTables<SupportTables>(first().platform.database.read)
      .selectFrom('support_api_keys')
      .select('last_used_at')
      .where('id', '=', keyId)
      .executeTakeFirstOrThrow();
    expect(key.last_used_at).toBe(usedAt);
  });
});
