import type { EarshotError } from '../http/errors.js';
import { isEarshotError, isServiceFailure } from '../http/errors.js';
import type { Log } from '../log.js';
import { describeError } from '../log.js';
import type { NetworkMonitor } from '../network/monitor.js';
import type { Unsubscribe } from '../signal.js';
import { createSignal } from '../signal.js';
import type { Progress } from './progress.js';
import { noProgress } from './progress.js';
import { pull } from './pull.js';
import type { CycleOptions, SyncParts } from './push.js';
import { push } from './push.js';
import { reviveExhausted } from './revival.js';
import { readSyncState, writeSyncState } from './state.js';

/** Why a sync was begun. */
export type SyncTrigger =
  | 'launch'
  | 'foreground'
  | 'write'
  | 'restored'
  | 'periodic'
  | 'manual'
  | 'remote'
  | 'background';

export interface SyncReport extends Readonly<Progress> {
  readonly trigger: SyncTrigger;
  /**
   * `offline`: nothing could be tried. `interrupted`: the server was lost, or time ran out, on the way; the rest follows the
   * next time. `failed`: the server answered something that trying again will hardly mend. `elsewhere`: another tab is at it.
   */
  readonly outcome: 'completed' | 'offline' | 'signedOut' | 'interrupted' | 'failed' | 'elsewhere';
  readonly error: EarshotError | null;
  readonly startedAt: number;
  readonly durationMs: number;
}

export interface SyncStatusReport {
  readonly syncing: boolean;
  readonly lastSyncedAt: number | null;
  readonly lastReport: SyncReport | null;
}

export interface SyncEngine {
  /**
   * One whole cycle: push, then pull. A call while one is running begins nothing and resolves
   * with that one's report. Never rejects for what the network or the server does.
   */
  sync(options?: { readonly trigger?: SyncTrigger; readonly signal?: AbortSignal }): Promise<SyncReport>;
  status(): SyncStatusReport;
  subscribe(listener: (status: SyncStatusReport) => void): Unsubscribe;
}

export interface EngineParts extends SyncParts {
  readonly network: NetworkMonitor;
  readonly signedIn: () => boolean;
  readonly log: Log;
  /** Keeps other tabs from syncing at the same time; null when one of them is at it. */
  readonly exclusively?: <T>(work: () => Promise<T>) => Promise<T | null>;
}

/** How often push and pull follow each other in one cycle, when the server turns out to be a restored one. */
const ROUNDS = 3;

export function createSyncEngine(parts: EngineParts): SyncEngine {
  const { environment, log, store } = parts;
  const changed = createSignal<SyncStatusReport>();
  let running: Promise<SyncReport> | null = null;
  let lastReport: SyncReport | null = null;
  let lastSyncedAt: number | null = null;
  const status = (): SyncStatusReport => ({ syncing: running !== null, lastSyncedAt, lastReport });

  async function rounds(options: CycleOptions, progress: Progress): Promise<void> {
    const sends = new Map<string, number>();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { epochChanged } = await push(parts, options, sends, progress);
      await pull(parts, options, progress);
      if (!epochChanged) return;
    }
  }

  async function cycle(trigger: SyncTrigger, signal: AbortSignal): Promise<Cycle> {
    const progress = noProgress();
    if (!parts.signedIn()) return { progress, outcome: 'signedOut', error: null };
    if (!parts.network.state().connected) return { progress, outcome: 'offline', error: null };
    try {
      await store.write((tx) => reviveExhausted(tx, environment.now(), trigger));
      await rounds({ signal, ignoreBackoff: trigger === 'manual' || trigger === 'restored' }, progress);
      await store.write(async (tx) => {
        lastSyncedAt = environment.now();
        await writeSyncState(tx, { ...(await readSyncState(tx)), lastSyncedAt });
      });
      return { progress, outcome: 'completed', error: null };
    } catch (error) {
      if (!isEarshotError(error)) throw error;
      return { progress, outcome: outcomeOf(error), error };
    }
  }

  async function run(trigger: SyncTrigger, signal: AbortSignal): Promise<SyncReport> {
    const startedAt = environment.now();
    lastSyncedAt = (await store.read(readSyncState)).lastSyncedAt;
    const work = (): Promise<Cycle> => cycle(trigger, signal);
    const done = (await (parts.exclusively ? parts.exclusively(work) : work())) ?? {
      progress: noProgress(),
      outcome: 'elsewhere' as const,
      error: null,
    };
    const { progress, outcome, error } = done;
    const report = {
      ...progress,
      trigger,
      outcome,
      error,
      startedAt,
      durationMs: environment.now() - startedAt,
    };
    const level = outcome === 'failed' ? 'error' : outcome === 'completed' ? 'info' : 'warn';
    log(level, 'sync', `sync ${outcome}`, {
      trigger,
      ...progress,
      ...(error && { reason: describeError(error) }),
    });
    return report;
  }

  return {
    sync: ({ trigger = 'manual', signal = new AbortController().signal } = {}) => {
      if (running) return running;
      running = run(trigger, signal)
        .then((report) => {
          lastReport = report;
          return report;
        })
        .finally(() => {
          running = null;
          changed.emit(status());
        });
      changed.emit(status());
      return running;
    },
    status,
    subscribe: changed.subscribe,
  };
}

interface Cycle {
  readonly progress: Progress;
  readonly outcome: SyncReport['outcome'];
  readonly error: EarshotError | null;
}

function outcomeOf(error: EarshotError): SyncReport['outcome'] {
  if (isEarshotError(error, 'unauthorized', 'signedOut')) return 'signedOut';
  return isServiceFailure(error) ? 'interrupted' : 'failed';
}
