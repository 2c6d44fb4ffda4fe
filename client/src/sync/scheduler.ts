import type { Cancel, Environment } from '../environment.js';
import { checkSyncInterval } from '../feature-flags.js';
import type { NetworkMonitor } from '../network/monitor.js';
import { onNetworkRestored } from '../network/monitor.js';
import { backoffMs } from '../queue/backoff.js';
import type { Unsubscribe } from '../signal.js';
import type { SyncEngine, SyncReport, SyncTrigger } from './engine.js';

/** The id under which operating systems know the background task (contract §7.4). */
export const BACKGROUND_TASK_ID = 'com.infinitestories.sync';
/** One run in the background ends before this, finished or not. */
export const BACKGROUND_RUN_LIMIT_MS = 30_000;
/** A margin, so that the report is out before the system ends the task. */
const BACKGROUND_RUN_MS = 28_000;
/** Several writes in a row become one sync. */
const WRITE_DELAY_MS = 50;
/** Another tab was syncing, and may have been past what this one wanted to tell. */
const OTHER_TAB_MS = 2000;

/** Decides when to sync. */
export interface SyncScheduler {
  /** Begins: one sync now, then after each reason for one. */
  start(): void;
  stop(): void;
  /** One more reason: the app came to the foreground, something was written, the server told of a change. */
  request(trigger: SyncTrigger): void;
  /** @throws RangeError unless 60 to 3600 in steps of 60 */
  setInterval(seconds: number): void;
  setEnabled(periodic: boolean): void;
  /** For the operating system's background task: resolves within 30 s; `interrupted` when time ran out, which is to be reported as a failure. */
  runInBackground(): Promise<SyncReport>;
}

export interface SchedulerParts {
  readonly engine: SyncEngine;
  readonly environment: Environment;
  readonly network: NetworkMonitor;
  readonly intervalSeconds: number;
  readonly periodic: boolean;
  readonly onError: (error: unknown) => void;
}

export function createSyncScheduler(parts: SchedulerParts): SyncScheduler {
  const { engine, environment } = parts;
  let interval = checkSyncInterval(parts.intervalSeconds);
  let periodic = parts.periodic;
  let started = false;
  let failures = 0;
  let wanted: SyncTrigger | null = null;
  let working = false;
  let cancelPeriodic: Cancel = () => undefined;
  let cancelSoon: Cancel = () => undefined;
  let leaveNetwork: Unsubscribe = () => undefined;

  function schedulePeriodic(): void {
    cancelPeriodic();
    if (!started || !periodic) return;
    cancelPeriodic = environment.after(interval * 1000, () => {
      request('periodic');
      schedulePeriodic();
    });
  }

  /** Runs the engine until no reason is left that came up while it ran. */
  async function work(): Promise<void> {
    if (working) return;
    working = true;
    try {
      while (started && wanted !== null) {
        const trigger = wanted;
        wanted = null;
        after(await bounded(trigger));
      }
    } finally {
      working = false;
    }
  }

  /** After a sync that broke off, another one follows by itself, later each time. */
  function after(report: SyncReport): void {
    if (report.outcome === 'elsewhere') {
      soon('periodic', OTHER_TAB_MS);
      return;
    }
    if (report.outcome !== 'interrupted' && report.outcome !== 'failed') {
      failures = 0;
      return;
    }
    failures += 1;
    soon('periodic', backoffMs(failures, environment));
  }

  function soon(trigger: SyncTrigger, ms: number): void {
    cancelSoon();
    cancelSoon = environment.after(ms, () => {
      wanted = trigger;
      work().catch(parts.onError);
    });
  }

  function request(trigger: SyncTrigger): void {
    if (!started) return;
    if (trigger === 'write') {
      // While the server is away, each write would otherwise knock at its door.
      if (failures === 0) soon('write', WRITE_DELAY_MS);
      return;
    }
    wanted = trigger;
    work().catch(parts.onError);
  }

  async function bounded(trigger: SyncTrigger): Promise<SyncReport> {
    const limit = new AbortController();
    const cancel = environment.after(BACKGROUND_RUN_MS, () => limit.abort());
    try {
      // One that is running may be past what this one is for.
      if (engine.status().syncing) await engine.sync();
      return await engine.sync({ trigger, signal: limit.signal });
    } finally {
      cancel();
    }
  }

  return {
    start: () => {
      if (started) return;
      started = true;
      leaveNetwork = onNetworkRestored(parts.network, () => {
        failures = 0;
        request('restored');
      });
      schedulePeriodic();
      request('launch');
    },
    stop: () => {
      started = false;
      wanted = null;
      failures = 0;
      leaveNetwork();
      cancelPeriodic();
      cancelSoon();
    },
    request,
    setInterval: (seconds) => {
      interval = checkSyncInterval(seconds);
      schedulePeriodic();
    },
    setEnabled: (enabled) => {
      periodic = enabled;
      schedulePeriodic();
    },
    runInBackground: () => bounded('background'),
  };
}
