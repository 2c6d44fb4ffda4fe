import { mayFallBack } from '../cache-policies.js';
import type { Environment } from '../environment.js';
import { sha256Hex } from '../files/sha256.js';
import type { HttpClient, OnProgress } from '../http/client.js';
import { EarshotError, isEarshotError } from '../http/errors.js';
import type { Log } from '../log.js';
import { describeError } from '../log.js';
import type { NetworkMonitor } from '../network/monitor.js';
import type { StoredRecord } from '../records/record.js';
import type { Unsubscribe } from '../signal.js';
import { createSignal } from '../signal.js';
import type { LocalStore } from '../stores/local-store.js';
import type { MediaEntry, MediaKind, MediaStore } from '../stores/media-store.js';
import { createDownloads } from './downloads.js';
import type { EvictionPolicyName, EvictionReport, MediaSizes } from './eviction.js';
import {
  chooseEvicted,
  EVICTION_POLICIES,
  isExpired,
  MEDIA_LIMIT_BYTES,
  SWEEP_INTERVAL_MS,
  sizesOf,
} from './eviction.js';
import { addressIn, idInKey, isOver, MEDIA_OF, mediaKey, sourceOf } from './media-address.js';
import type { ObjectAddress } from './object-addresses.js';
import { createObjectAddresses } from './object-addresses.js';

export interface CachedMedia {
  readonly entry: MediaEntry;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface DownloadOptions {
  /** 0 to 1; what is cached already is 1 at once. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Pictures and narrations on this device. Ids are local ids: of the hero, the story or the illustration. */
export interface MediaCache {
  /** What is on the device; null when there is nothing, nothing current, nothing whole, or it expired. */
  get(kind: MediaKind, id: string): Promise<CachedMedia | null>;
  /** Keeps a file that came another way, for example a picture that was just taken. */
  put(kind: MediaKind, id: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<MediaEntry>;
  /**
   * The file, downloaded on first use. Several callers share one download. An address that has expired is renewed.
   *
   * @throws EarshotError `notFound` when nothing was made yet, `notCached` when offline, `wifiOnly`, `truncated` …
   */
  downloadAndCache(kind: MediaKind, id: string, options?: DownloadOptions): Promise<CachedMedia>;
  /** The same, telling how far it is. @throws EarshotError */
  downloadWithProgress(kind: MediaKind, id: string, onProgress: OnProgress): Promise<CachedMedia>;
  /** An address for `<img>` and `<audio>`; call its `release()` when it is not shown any more. @throws EarshotError */
  objectUrl(kind: MediaKind, id: string, options?: DownloadOptions): Promise<ObjectAddress>;
  /** Downloads a story's narration and pictures and keeps them whatever their age. @throws EarshotError */
  keepOffline(storyId: string, options?: DownloadOptions): Promise<void>;
  /** They may be evicted again. */
  releaseOffline(storyId: string): Promise<void>;
  isKeptOffline(storyId: string): Promise<boolean>;
  /** Removes what expired, what belongs to nothing any more, and what was used longest ago when there is too much. */
  evictExpired(): Promise<EvictionReport>;
  /** @param kind all of them, unless told; @returns bytes that were freed */
  clear(kind?: MediaKind): Promise<number>;
  size(): Promise<MediaSizes>;
  /** Calls back after files came or went. */
  subscribe(listener: () => void): Unsubscribe;
  /** A sweep now and one every 24 h, until `stop()`. */
  start(): void;
  stop(): void;
  /** Removes everything and ends what is under way, at sign-out. */
  wipe(): Promise<void>;
}

export interface MediaCacheParts {
  readonly store: LocalStore;
  readonly media: MediaStore;
  readonly http: HttpClient;
  readonly environment: Environment;
  readonly network: NetworkMonitor;
  readonly log: Log;
  /** Asks the server for the entity again, so that its record has a fresh address. */
  readonly renew: (type: 'hero' | 'story', id: string) => Promise<unknown>;
  readonly policy: () => EvictionPolicyName;
  readonly wifiOnly: () => boolean;
  readonly limitBytes?: number;
}

export function createMediaCache(parts: MediaCacheParts): MediaCache {
  const { store, media, http, environment, network, log } = parts;
  const changed = createSignal<void>();
  const downloads = createDownloads<CachedMedia>();
  const addresses = createObjectAddresses();
  /** Keys of files that are being downloaded to be kept. */
  const pinning = new Set<string>();
  let wipes = 0;
  let last: Promise<unknown> = Promise.resolve();
  let cancelSweep = (): void => undefined;

  const policy = () => EVICTION_POLICIES[parts.policy()];
  const limitBytes = parts.limitBytes ?? MEDIA_LIMIT_BYTES;

  /** One change of the files after the other, so that nothing is stored behind a wipe that overtook it. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  async function recordOf(kind: MediaKind, id: string): Promise<StoredRecord | undefined> {
    const record = await store.read((tx) => tx.get('records', id));
    return record?.type === MEDIA_OF[kind].type ? record : undefined;
  }

  async function remove(key: string): Promise<void> {
    if ((await inTurn(() => media.delete([key]))).length > 0) changed.emit();
  }

  /** A whole file that has not expired. `current`: it is what the entity shows now. */
  async function find(kind: MediaKind, id: string): Promise<(CachedMedia & { current: boolean }) | null> {
    const key = mediaKey(kind, id);
    const record = await recordOf(kind, id);
    const cached = await media.get(key);
    if (!cached) return null;
    const { entry, bytes } = cached;
    const address = record ? addressIn(kind, record) : null;
    const gone = !record || (entry.source !== null && address === null);
    const whole = bytes.byteLength === entry.size && (await sha256Hex(bytes)) === entry.sha256;
    if (gone || !whole || isExpired(entry, policy(), environment.now())) {
      if (!whole) log('warn', 'media', 'a file was damaged', { kind });
      await remove(key);
      return null;
    }
    const current = entry.source === null || address === null || entry.source === sourceOf(address);
    return { entry, bytes, current };
  }

  async function used({ entry, bytes }: CachedMedia): Promise<CachedMedia> {
    const lastUsedAt = environment.now();
    await inTurn(() => media.note(entry.key, { lastUsedAt }));
    return { entry: { ...entry, lastUsedAt }, bytes };
  }

  async function keep(
    entry: Omit<MediaEntry, 'size' | 'sha256' | 'storedAt' | 'lastUsedAt' | 'pinned'>,
    bytes: Uint8Array<ArrayBuffer>,
    begun = wipes,
  ): Promise<MediaEntry> {
    const sha256 = await sha256Hex(bytes);
    const { stored, isFull } = await inTurn(async () => {
      if (begun !== wipes) throw new EarshotError('signedOut');
      const now = environment.now();
      const others = await media.list();
      const former = others.find(({ key }) => key === entry.key);
      const stored: MediaEntry = {
        ...entry,
        size: bytes.byteLength,
        sha256,
        storedAt: now,
        lastUsedAt: now,
        pinned: pinning.has(entry.key) || (former?.pinned ?? false),
      };
      // It can be shown although the device has no room for it.
      await media.put(stored, bytes).catch((error) => {
        log('warn', 'media', 'a file could not be kept', { reason: describeError(error) });
      });
      return { stored, isFull: sizesOf(others).total.bytes + stored.size > limitBytes };
    });
    changed.emit();
    if (isFull) await evict();
    return stored;
  }

  async function addressOf(kind: MediaKind, id: string): Promise<string> {
    const record = await recordOf(kind, id);
    const address = record && addressIn(kind, record);
    if (!address) throw new EarshotError('notFound');
    return address;
  }

  async function renewedAddress(kind: MediaKind, id: string): Promise<string> {
    const record = await recordOf(kind, id);
    if (!record) throw new EarshotError('notFound');
    if (kind === 'avatar') await parts.renew('hero', id);
    else await parts.renew('story', kind === 'audio' ? id : String(record.value.storyId));
    return await addressOf(kind, id);
  }

  async function download(
    kind: MediaKind,
    id: string,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): Promise<CachedMedia> {
    const state = network.state();
    if (!state.connected) throw new EarshotError('notCached');
    if (parts.wifiOnly() && state.interface === 'cellular') throw new EarshotError('wifiOnly');
    const begun = wipes;
    const known = await addressOf(kind, id);
    const load = (path: string) => http.download({ path, authenticated: false, signal }, onProgress);
    let address = isOver(known, environment.now()) ? await renewedAddress(kind, id) : known;
    const file = await load(address).catch(async (error: unknown) => {
      // The device's clock may be wrong, or the file was replaced by another one.
      if (!isEarshotError(error, 'forbidden', 'notFound')) throw error;
      address = await renewedAddress(kind, id);
      return await load(address);
    });
    if (signal.aborted) throw new EarshotError('aborted');
    if (file.bytes.byteLength === 0) throw new EarshotError('truncated');
    const entry = {
      key: mediaKey(kind, id),
      kind,
      contentType: file.contentType ?? (kind === 'audio' ? 'audio/mpeg' : 'image/png'),
      source: sourceOf(address),
    };
    const kept = await keep(entry, file.bytes, begun);
    log('debug', 'media', 'downloaded', { kind, bytes: kept.size });
    return { entry: kept, bytes: file.bytes };
  }

  const downloadAndCache: MediaCache['downloadAndCache'] = async (kind, id, options = {}) => {
    const cached = await find(kind, id);
    if (cached?.current) {
      options.onProgress?.(1);
      return await used(cached);
    }
    try {
      return await downloads.share(mediaKey(kind, id), options, (signal, onProgress) =>
        download(kind, id, signal, onProgress),
      );
    } catch (error) {
      // The former picture is better than none; the words of a former narration are not those of the story.
      if (
        !cached ||
        kind === 'audio' ||
        !(mayFallBack(error) || isEarshotError(error, 'notCached', 'wifiOnly'))
      )
        throw error;
      return await used(cached);
    }
  };

  const storyFiles = async (storyId: string): Promise<readonly (readonly [MediaKind, string])[]> =>
    await store.read(async (tx) => {
      const story = await tx.get('records', storyId);
      if (story?.type !== 'story') throw new EarshotError('notFound');
      const illustrations = (await tx.where('records', 'type', 'illustration')).filter(
        (record) => record.value.storyId === storyId && addressIn('illustration', record) !== null,
      );
      const pictures = illustrations.map(({ id }) => ['illustration', id] as const);
      return addressIn('audio', story) === null ? pictures : [['audio', storyId] as const, ...pictures];
    });

  const pin = async (storyId: string, pinned: boolean): Promise<void> => {
    for (const [kind, id] of await storyFiles(storyId))
      await inTurn(() => media.note(mediaKey(kind, id), { pinned }));
    changed.emit();
  };

  /** @returns those that were there */
  async function removeAll(chosen: readonly MediaEntry[]): Promise<readonly MediaEntry[]> {
    const removed = new Set(await inTurn(() => media.delete(chosen.map(({ key }) => key))));
    return chosen.filter(({ key }) => removed.has(key));
  }

  async function evict(): Promise<EvictionReport> {
    const begun = environment.now();
    const entries = await media.list();
    const records = await store.read((tx) => tx.all('records'));
    const known = new Set(records.map(({ id }) => id));
    const orphans = entries.filter(({ key }) => !known.has(idInKey(key)));
    const rest = entries.filter(({ key }) => known.has(idInKey(key)));
    const chosen = [...orphans, ...chooseEvicted(rest, policy(), limitBytes, begun)];
    const evicted = { avatar: 0, audio: 0, illustration: 0 };
    let bytesFreed = 0;
    for (const { kind, size } of await removeAll(chosen)) {
      evicted[kind] += 1;
      bytesFreed += size;
    }
    const report = { evicted, bytesFreed, durationMs: environment.now() - begun };
    if (bytesFreed > 0) changed.emit();
    log('info', 'media', 'evicted', { ...evicted, bytesFreed });
    return report;
  }

  function sweep(): void {
    cancelSweep = environment.after(SWEEP_INTERVAL_MS, sweep);
    evict().catch((error) => log('error', 'media', 'the sweep broke off', { reason: describeError(error) }));
  }

  return {
    get: async (kind, id) => {
      const cached = await find(kind, id);
      return cached?.current ? await used(cached) : null;
    },
    put: (kind, id, bytes, contentType) =>
      keep({ key: mediaKey(kind, id), kind, contentType, source: null }, bytes),
    downloadAndCache,
    downloadWithProgress: (kind, id, onProgress) => downloadAndCache(kind, id, { onProgress }),
    objectUrl: async (kind, id, options) => {
      const { entry, bytes } = await downloadAndCache(kind, id, options);
      return addresses.lend(`${entry.key} ${entry.sha256}`, bytes, entry.contentType);
    },
    keepOffline: async (storyId, options = {}) => {
      const { onProgress, signal } = options;
      const files = await storyFiles(storyId);
      onProgress?.(0);
      for (const [kind, id] of files) pinning.add(mediaKey(kind, id));
      try {
        for (const [index, [kind, id]] of files.entries()) {
          await downloadAndCache(kind, id, {
            ...(signal && { signal }),
            onProgress: (share) => onProgress?.((index + share) / files.length),
          });
        }
        await pin(storyId, true);
      } finally {
        for (const [kind, id] of files) pinning.delete(mediaKey(kind, id));
      }
      onProgress?.(1);
    },
    releaseOffline: (storyId) => pin(storyId, false),
    isKeptOffline: async (storyId) => {
      const files = await storyFiles(storyId);
      const entries = new Map((await media.list()).map((entry) => [entry.key, entry]));
      return files.length > 0 && files.every(([kind, id]) => entries.get(mediaKey(kind, id))?.pinned);
    },
    evictExpired: evict,
    clear: async (kind) => {
      const chosen = (await media.list()).filter((entry) => kind === undefined || entry.kind === kind);
      const removed = await removeAll(chosen);
      changed.emit();
      return removed.reduce((freed, { size }) => freed + size, 0);
    },
    size: async () => sizesOf(await media.list()),
    subscribe: changed.subscribe,
    start: () => {
      cancelSweep();
      sweep();
    },
    stop: () => {
      cancelSweep();
      downloads.stopAll();
    },
    wipe: async () => {
      wipes += 1;
      downloads.stopAll();
      addresses.revokeAll();
      await inTurn(() => media.clear());
      changed.emit();
    },
  };
}
