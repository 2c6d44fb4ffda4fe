import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EarshotClient, LocalStore, ManualNetwork } from '../../../src/index.js';
import {
  createEarshotClient,
  createManualNetwork,
  createMemoryCredentials,
  createMemoryStore,
} from '../../../src/index.js';
import { openFileStore } from '../../../src/stores/file.js';
import type { World } from '../../support/world.js';
import { createWorld, seededRandom } from '../../support/world.js';
import type { Life, Post } from './post.js';
import { BASE_URL, networkOf } from './post.js';

/** A device through all its lives. */
export interface Device {
  readonly client: EarshotClient;
  readonly world: World;
  readonly network: ManualNetwork;
  /** The process ends at once, whatever it is doing, and another one begins on what it had written. */
  crash(): Promise<void>;
  /** Ends it for good, and removes its files. */
  remove(): Promise<void>;
}

export interface DeviceOptions {
  readonly post: Post;
  readonly token: string;
  readonly name: string;
  readonly seed: number;
  /** Milliseconds by which its clock is wrong. */
  readonly skew: number;
  readonly onFiles: boolean;
  readonly onConflict: () => void;
}

/** Small, so that the files are written anew in the middle of histories. */
const COMPACT_AFTER_BYTES = 16 * 1024;
const DAY_MS = 24 * 3_600_000;

export async function startDevice(options: DeviceOptions): Promise<Device> {
  const { post, token, name, seed } = options;
  const chance = seededRandom(seed);
  const directory = options.onFiles ? await mkdtemp(join(tmpdir(), 'earshot-device-')) : null;
  const memory = createMemoryStore();
  let now = Date.now() + options.skew;
  let lives = 0;
  let present = await live();

  async function live() {
    lives += 1;
    const life: Life = { over: false };
    const disk = directory
      ? await openFileStore({ directory, compactAfterBytes: COMPACT_AFTER_BYTES })
      : memory;
    const world = createWorld(networkOf(post, life, chance), {
      name: `${name}.${lives}`,
      seed: seed + lives,
      now,
    });
    const network = createManualNetwork();
    const credentials = createMemoryCredentials();
    const user = { id: 'user', name: 'A parent', email: 'parent@example.com' };
    await credentials.save({ token, expiresAt: now + 30 * DAY_MS, user });
    const client = createEarshotClient({
      baseUrl: BASE_URL,
      store: mortalStore(disk, life),
      credentials,
      network,
      environment: world,
    });
    client.onConflict(options.onConflict);
    await client.auth.restore();
    await client.listening.recover();
    return { life, disk, world, network, client };
  }

  return {
    get client() {
      return present.client;
    },
    get world() {
      return present.world;
    },
    get network() {
      return present.network;
    },
    crash: async () => {
      const { life, disk, world } = present;
      life.over = true;
      now = world.now();
      if (directory) {
        await disk.close();
        if (chance() < 0.5) await tear(directory);
      }
      present = await live();
    },
    remove: async () => {
      present.life.over = true;
      await present.disk.close();
      if (directory) await rm(directory, { recursive: true, force: true });
    },
  };
}

const never = (): Promise<never> => new Promise(() => undefined);

/** What a dead process asks of its store is never asked; what it had asked for may still happen. */
function mortalStore(store: LocalStore, life: Life): LocalStore {
  const whileAlive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (life.over) return await never();
    const result = await work();
    return life.over ? await never() : result;
  };
  return {
    read: (work) => whileAlive(() => store.read(work)),
    write: (work) => whileAlive(() => store.write(work)),
    wipe: () => whileAlive(() => store.wipe()),
    close: () => store.close(),
  };
}

/** A write was cut off in the middle. */
async function tear(directory: string): Promise<void> {
  const journal = (await readdir(directory)).find((file) => file.startsWith('journal-'));
  if (journal) await appendFile(join(directory, journal), '0badc0de [{"collection":"records","id":"to');
}
