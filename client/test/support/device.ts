import type {
  ConflictPolicies,
  EarshotClient,
  EarshotClientOptions,
  LocalStore,
  ManualNetwork,
} from '../../src/index.js';
import {
  createEarshotClient,
  createManualNetwork,
  createMemoryCredentials,
  createMemoryStore,
} from '../../src/index.js';
import type { FakeServer } from './fake-server.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

export interface Device extends EarshotClient {
  readonly world: World;
  readonly manual: ManualNetwork;
  /** One sync that has to reach its end. */
  synced(): Promise<void>;
}

/** A device of a signed-in user, whose syncs are begun by the test. */
export async function createDevice(
  server: FakeServer,
  options: {
    readonly name?: string;
    readonly store?: LocalStore;
    readonly policies?: Partial<ConflictPolicies>;
    readonly seed?: number;
    readonly more?: Partial<EarshotClientOptions>;
  } = {},
): Promise<Device> {
  const name = options.name ?? 'device';
  const world = createWorld(server.fetch, { name, seed: options.seed ?? 1 });
  const manual = createManualNetwork();
  const credentials = createMemoryCredentials();
  await credentials.save({
    token: server.token,
    expiresAt: world.now() + 30 * 24 * 3_600_000,
    user: { id: 'user-1', name: 'A parent', email: 'parent@example.com' },
  });
  const client = createEarshotClient({
    baseUrl: 'http://stories.test',
    store: options.store ?? createMemoryStore(),
    credentials,
    network: manual,
    environment: world,
    ...(options.policies && { conflictPolicies: options.policies }),
    ...options.more,
  });
  await client.auth.restore();
  return {
    ...client,
    world,
    manual,
    synced: async () => {
      const report = await client.sync.sync();
      if (report.outcome !== 'completed') throw report.error ?? new Error(report.outcome);
    },
  };
}

export const luna = { name: 'Luna', age: 6, traits: ['Brave', 'Curious'] } as const;
export const lighthouse = {
  title: 'The quiet lighthouse',
  content: 'Once there was a lighthouse that hummed.',
  language: 'English',
} as const;
