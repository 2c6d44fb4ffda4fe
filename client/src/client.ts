import type { Assistant } from './assistant/assistant.js';
import { createAssistant } from './assistant/assistant.js';
import type { Auth } from './auth/auth.js';
import { createAuth } from './auth/auth.js';
import type { CredentialStore } from './auth/credential-store.js';
import { createStoredCredentials } from './auth/credential-store.js';
import type { ConflictEvent } from './conflicts/apply.js';
import type { ConflictPolicies } from './conflicts/policies.js';
import { defaultConflictPolicies } from './conflicts/policies.js';
import type { Environment } from './environment.js';
import { systemEnvironment } from './environment.js';
import type { FeatureFlags } from './feature-flags.js';
import { defaultFlags } from './feature-flags.js';
import type { Files } from './files/files.js';
import { createFiles } from './files/files.js';
import type { Generation } from './generation/generation.js';
import { createGeneration } from './generation/generation.js';
import type { HttpClient } from './http/client.js';
import { createHttpClient } from './http/client.js';
import { EarshotError } from './http/errors.js';
import type { Listening } from './listening/listening.js';
import { createListening } from './listening/listening.js';
import type { Log, LogSink } from './log.js';
import { createLog, describeError } from './log.js';
import type { MediaCache } from './media/media-cache.js';
import { createMediaCache } from './media/media-cache.js';
import type { Migration } from './migration/migration.js';
import { createMigration } from './migration/migration.js';
import { createBrowserNetwork } from './network/browser.js';
import type { NetworkMonitor } from './network/monitor.js';
import { createManualNetwork } from './network/monitor.js';
import type { Queue } from './queue/inspection.js';
import { createQueue } from './queue/inspection.js';
import type { RateLimits } from './rate-limits.js';
import { createRateLimits } from './rate-limits.js';
import type { AccountRepository } from './repositories/account.js';
import { createAccountRepository } from './repositories/account.js';
import type { CustomEventRepository } from './repositories/custom-events.js';
import { createCustomEventRepository } from './repositories/custom-events.js';
import type { HeroRepository } from './repositories/heroes.js';
import { createHeroRepository } from './repositories/heroes.js';
import type { IllustrationRepository } from './repositories/illustrations.js';
import { createIllustrationRepository } from './repositories/illustrations.js';
import type { JourneyRepository } from './repositories/journey.js';
import { createJourneyRepository } from './repositories/journey.js';
import type { RepositoryParts } from './repositories/repository.js';
import type { StoryRepository } from './repositories/stories.js';
import { createStoryRepository } from './repositories/stories.js';
import type { PreferencesRoom } from './settings/preferences.js';
import { createPreferences } from './settings/preferences.js';
import type { Unsubscribe } from './signal.js';
import { createSignal } from './signal.js';
import type { LocalStore } from './stores/local-store.js';
import type { MediaStore } from './stores/media-store.js';
import { createMemoryMediaStore } from './stores/memory-media.js';
import type { StoreChange } from './stores/observed.js';
import { observeStore } from './stores/observed.js';
import { readSetting, writeSetting } from './stores/settings.js';
import { inOneTab, shareChanges } from './stores/tabs.js';
import type { SyncEngine } from './sync/engine.js';
import { createSyncEngine } from './sync/engine.js';
import type { SyncScheduler } from './sync/scheduler.js';
import { createSyncScheduler } from './sync/scheduler.js';
import { readSyncState } from './sync/state.js';
import { createLiveStream } from './sync/stream.js';

export interface EarshotClientOptions {
  /** For example `https://stories.example.org`. */
  readonly baseUrl: string;
  /** Where everything is kept: `createMemoryStore()`, `createDexieStore()` or `openFileStore()`. */
  readonly store: LocalStore;
  /** A keychain, where there is one; else the session is kept in `store`. */
  readonly credentials?: CredentialStore;
  /** The browser's, unless told; elsewhere the network counts as connected. */
  readonly network?: NetworkMonitor;
  readonly conflictPolicies?: Partial<ConflictPolicies>;
  readonly flags?: Partial<Omit<FeatureFlags, 'useBackendAPI'>>;
  readonly log?: LogSink;
  /** Time, chance, timers and `fetch`, replaced by tests and by platforms. */
  readonly environment?: Partial<Environment>;
  /** Shares changes and syncing with other tabs that use this name; for stores that tabs share. */
  readonly tabs?: string;
  /** Where pictures and narrations are kept: in memory, unless told; wiped together with `store`. */
  readonly mediaStore?: MediaStore;
  /** Room for those that are not kept offline, in bytes; 200 MB unless told. */
  readonly mediaLimitBytes?: number;
  /** Wipes what the app keeps of the user beside the stores. */
  readonly wipe?: () => Promise<void>;
}

/** Everything about stories that an app needs, working offline. */
export interface EarshotClient {
  readonly auth: Auth;
  readonly heroes: HeroRepository;
  readonly stories: StoryRepository;
  readonly customEvents: CustomEventRepository;
  readonly illustrations: IllustrationRepository;
  readonly account: AccountRepository;
  readonly journey: JourneyRepository;
  readonly generation: Generation;
  readonly listening: Listening;
  readonly media: MediaCache;
  readonly assistant: Assistant;
  readonly files: Files;
  readonly preferences: PreferencesRoom;
  readonly migration: Migration;
  readonly sync: SyncEngine;
  readonly scheduler: SyncScheduler;
  readonly queue: Queue;
  readonly rateLimits: RateLimits;
  readonly network: NetworkMonitor;
  readonly http: HttpClient;
  readonly store: LocalStore;
  readonly log: Log;
  readonly environment: Environment;
  readonly flags: FeatureFlags;
  /** What became of edits that met newer ones. */
  onConflict(listener: (event: ConflictEvent) => void): Unsubscribe;
  /** Any change of the store, by whichever tab. */
  onChange(listener: (change: StoreChange) => void): Unsubscribe;
  /** How many things on this device the server does not have yet, plays and listening sessions included. */
  pendingCount(): Promise<number>;
  /** Takes up the session and begins to sync by itself. Without it nothing is sent but what `sync.sync()` is told to. */
  start(): Promise<void>;
  /** The app came to the foreground. */
  foreground(): void;
  /** Ends timers and streams, then closes the store. */
  close(): Promise<void>;
}

const OWNER = 'owner';

/** Wires all parts to one client. Nothing happens before `start()`. */
export function createEarshotClient(options: EarshotClientOptions): EarshotClient {
  const environment = systemEnvironment(options.environment);
  const flags: FeatureFlags = { ...defaultFlags, ...options.flags };
  const log = createLog(options.log, environment, () => flags.detailedLogging);
  const changed = createSignal<StoreChange>();
  const conflicts = createSignal<ConflictEvent>();
  const store = observeStore(options.store, changed);
  const browserNetwork = options.network ? null : inBrowser() ? createBrowserNetwork() : null;
  const network = options.network ?? browserNetwork ?? createManualNetwork();
  const rateLimits = createRateLimits(environment);
  const leaves: Unsubscribe[] = [];

  const http = createHttpClient({
    baseUrl: options.baseUrl,
    environment,
    log,
    authorization: () => auth,
    onExchange: rateLimits.takeExchange,
  });
  const journey = createJourneyRepository({ http, environment });
  const wipe = async (): Promise<void> => {
    stopSyncing();
    // Before the stores: what is still on its way for this user must not come to lie in them afterwards.
    http.abortAll();
    await migration.cancel();
    journey.forget();
    rateLimits.forget();
    const wiped = await Promise.allSettled([store.wipe(), media.wipe(), options.wipe?.()]);
    await preferences.restore();
    for (const part of wiped) if (part.status === 'rejected') throw part.reason;
  };
  const auth: Auth = createAuth({
    http,
    environment,
    log,
    credentials: options.credentials ?? createStoredCredentials(store),
    wipe,
    welcome: async (user) => {
      const owner = await store.read((tx) => readSetting<string>(tx, OWNER));
      if (owner !== undefined && owner !== user.id) await wipe();
      await store.write((tx) => writeSetting(tx, OWNER, user.id));
    },
  });

  const lock = options.tabs;
  const engine = createSyncEngine({
    store,
    http,
    environment,
    log,
    network,
    policies: { ...defaultConflictPolicies, ...options.conflictPolicies },
    signedIn: () => auth.token() !== null,
    onConflict: (event) => {
      log('info', 'conflicts', `conflict: ${event.outcome}`, { type: event.type });
      conflicts.emit(event);
    },
    ...(lock !== undefined && { exclusively: (work) => inOneTab(`${lock}:sync`, work) }),
  });
  const scheduler = createSyncScheduler({
    engine,
    environment,
    network,
    intervalSeconds: flags.syncInterval,
    periodic: flags.enableBackgroundSync,
    onError: (error) => log('error', 'sync', 'sync broke', { reason: describeError(error) }),
  });
  const stream = createLiveStream({
    http,
    environment,
    log,
    onLatest: ({ epoch, latest }) => {
      store
        .read(readSyncState)
        .then((state) => {
          if (latest > state.cursor || (epoch !== null && epoch !== state.epoch)) scheduler.request('remote');
        })
        .catch((error) => log('error', 'store', describeError(error)));
    },
  });
  const generation = createGeneration({ http, store, environment, network });
  const files = createFiles({ http });
  const preferences = createPreferences(store, {
    syncIntervalSeconds: flags.syncInterval,
    backgroundSync: flags.enableBackgroundSync,
    mediaOnWifiOnly: false,
    mediaEviction: 'keepAvatars',
  });
  const mediaStore = options.mediaStore ?? createMemoryMediaStore();
  const media: MediaCache = createMediaCache({
    store,
    media: mediaStore,
    http,
    environment,
    network,
    log,
    renew: (type, id) => generation.refreshed(type, id),
    policy: () => preferences.current().mediaEviction,
    wifiOnly: () => preferences.current().mediaOnWifiOnly,
    ...(options.mediaLimitBytes !== undefined && { limitBytes: options.mediaLimitBytes }),
  });

  const migration: Migration = createMigration({
    store,
    http,
    files,
    auth,
    engine,
    network,
    environment,
    log,
    exclusively: (work) => (lock === undefined ? work() : inOneTab(`${lock}:migration`, work)),
  });

  let started = false;
  const startSyncing = (): void => {
    if (!started || auth.state().status !== 'signedIn' || !flags.enableCloudSync) return;
    scheduler.start();
    stream.start();
  };
  function stopSyncing(): void {
    scheduler.stop();
    stream.stop();
  }
  leaves.push(
    preferences.subscribe(({ syncIntervalSeconds, backgroundSync }) => {
      scheduler.setInterval(syncIntervalSeconds);
      scheduler.setEnabled(backgroundSync);
    }),
    auth.subscribe(({ status }) => (status === 'signedIn' ? startSyncing() : stopSyncing())),
    engine.subscribe(({ syncing, lastReport }) => {
      if (syncing || !started || lastReport?.outcome !== 'completed') return;
      generation
        .runWaiting()
        .catch((error) => log('error', 'generation', 'wishes broke off', { reason: describeError(error) }));
    }),
  );
  async function followOtherTab(): Promise<void> {
    const owner = await store.read((tx) => readSetting<string>(tx, OWNER));
    const before = auth.state().status;
    const { status } = await auth.follow(owner !== undefined);
    if (status === before || status !== 'signedOut') return;
    journey.forget();
    rateLimits.forget();
    await preferences.restore();
  }
  if (lock !== undefined) {
    const heard = ({ collections }: StoreChange): void => {
      if (!started || !collections.has('settings')) return;
      followOtherTab().catch((error) => log('error', 'auth', describeError(error)));
    };
    leaves.push(shareChanges(`${lock}:changes`, changed, heard));
  }

  const written = (): void => scheduler.request('write');
  const repositoryParts: RepositoryParts = {
    store,
    environment,
    log,
    changed,
    written,
    refresh: async () => {
      const { error, outcome } = await engine.sync({ trigger: 'remote' });
      if (error) throw error;
      if (outcome === 'offline' || outcome === 'signedOut') throw new EarshotError(outcome);
    },
  };
  const listening = createListening({
    store,
    environment,
    written: () => {
      journey.forget();
      written();
    },
  });

  return {
    auth,
    heroes: createHeroRepository(repositoryParts),
    stories: createStoryRepository(repositoryParts),
    customEvents: createCustomEventRepository(repositoryParts),
    illustrations: createIllustrationRepository(repositoryParts),
    account: createAccountRepository({ http, store, onUsage: rateLimits.takeUsage }),
    journey,
    generation,
    listening,
    media,
    assistant: createAssistant({ http, network }),
    files,
    preferences,
    migration,
    sync: engine,
    scheduler,
    queue: createQueue({ store, environment, written }),
    rateLimits,
    network,
    http,
    store,
    log,
    environment,
    flags,
    onConflict: conflicts.subscribe,
    onChange: changed.subscribe,
    pendingCount: () =>
      store.read(async (tx) => {
        const records = await tx.all('records');
        const waiting = records.filter(({ status, pendingPlays }) => status !== 'synced' || pendingPlays > 0);
        return waiting.length + (await tx.all('listening')).length;
      }),
    start: async () => {
      started = true;
      await preferences.restore();
      await listening.recover();
      media.start();
      const { status } = await auth.restore();
      if (status === 'signedIn') startSyncing();
    },
    foreground: () => scheduler.request('foreground'),
    close: async () => {
      stopSyncing();
      media.stop();
      auth.stop();
      browserNetwork?.stop();
      for (const leave of leaves) leave();
      await options.store.close();
      await mediaStore.close();
    },
  };
}

const inBrowser = (): boolean => typeof window !== 'undefined' && typeof navigator?.onLine === 'boolean';
