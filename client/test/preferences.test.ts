import { expect, test } from 'vitest';
import { createMemoryStore, DEVELOPMENT_SYNC_INTERVAL_S, defaultFlags } from '../src/index.js';
import { createDevice } from './support/device.js';
import { createFakeServer } from './support/fake-server.js';

const MINUTE_MS = 60_000;

test('the flags have the values of contract §7.9', () => {
  expect(defaultFlags).toEqual({
    useBackendAPI: true,
    enableCloudSync: true,
    enableBackgroundSync: true,
    syncInterval: 900,
    allowIllustrationFailures: true,
    showSyncStatus: true,
    detailedLogging: false,
  });
  expect(DEVELOPMENT_SYNC_INTERVAL_S).toBe(300);
});

test('what is chosen holds at once and after a restart', async () => {
  const server = createFakeServer();
  const store = createMemoryStore();
  const first = await createDevice(server, { store });
  await first.start();
  await first.preferences.change({ syncIntervalSeconds: 120 });
  await expect(first.preferences.change({ syncIntervalSeconds: 90 })).rejects.toThrow(RangeError);
  await expect(first.preferences.change({ mediaEviction: 'never' as 'default' })).rejects.toThrow(RangeError);
  expect(first.preferences.current().syncIntervalSeconds).toBe(120);
  await first.world.pass(0);
  const syncs = () => server.requests.filter(({ path }) => path === '/api/sync/changes').length;
  const before = syncs();
  await first.world.pass(4 * MINUTE_MS + 1000);
  expect(syncs() - before).toBe(2);
  await first.close();

  const second = await createDevice(server, { store });
  await second.start();
  expect(second.preferences.current()).toEqual({
    syncIntervalSeconds: 120,
    backgroundSync: true,
    mediaOnWifiOnly: false,
    mediaEviction: 'keepAvatars',
  });
  await second.preferences.change({ backgroundSync: false });
  await second.world.pass(0);
  const silent = syncs();
  await second.world.pass(60 * MINUTE_MS);
  expect(syncs()).toBe(silent);
  await second.auth.signOut();
  expect(second.preferences.current().syncIntervalSeconds).toBe(900);
  await second.close();
});
