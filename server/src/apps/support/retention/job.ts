import type { Transaction } from '../../../platform/database/database.js';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { parseAppSettings } from '../settings/app-settings.js';
import type { RetentionStore } from './store.js';

export const RETENTION_JOB = 'support.retention';

const DAY_MS = 24 * 3_600_000;
const EVERY_MS = 3_600_000;
/** Rows per transaction: few enough that nobody who writes meanwhile notices. */
const BATCH = 500;
/** Contract §9 for pushes; the log of deliveries and answered invitations are kept as long. */
const RECORDS_KEPT_DAYS = 30;
/** All attempts at a delivery together take less than one. */
const DELIVERIES_WAIT_DAYS = 3;

type DeleteBatch = (tx: Transaction, limit: number) => Promise<number>;

/**
 * Deletes what is past its time, in small transactions: messages and events as each app's team has decided, and the
 * records of what was done. An app under legal hold loses nothing. Sequences are never given out again, so a reader that
 * pages by them goes on behind what was deleted.
 */
export function retentionJob({
  platform: { clock, database, log },
  store,
  everyMs = EVERY_MS,
  batch = BATCH,
}: {
  readonly platform: Pick<Platform, 'clock' | 'database' | 'log'>;
  readonly store: RetentionStore;
  readonly everyMs?: number;
  readonly batch?: number;
}): JobDefinition<null> {
  const deleteAll = async (signal: AbortSignal, work: DeleteBatch): Promise<number> => {
    for (let total = 0; ; ) {
      signal.throwIfAborted();
      const deleted = await database.transaction((tx) => work(tx, batch));
      total += deleted;
      if (deleted < batch) return total;
    }
  };

  const clearApp = async (appId: string, settings: string, now: number, signal: AbortSignal) => {
    const { messageRetentionDays, eventRetentionDays, legalHold } = parseAppSettings(settings);
    if (legalHold) return;
    const before = (days: number) => now - days * DAY_MS;
    const deleted: Record<string, number> = {
      pushes: await deleteAll(signal, (tx, limit) =>
        store.pushes(tx, appId, before(RECORDS_KEPT_DAYS), limit),
      ),
      // Deliveries quote messages, so they are not kept longer than those.
      deliveries: await deleteAll(signal, (tx, limit) =>
        store.deliveries(
          tx,
          appId,
          before(Math.min(RECORDS_KEPT_DAYS, messageRetentionDays ?? RECORDS_KEPT_DAYS)),
          limit,
        ),
      ),
    };
    if (messageRetentionDays !== null) {
      deleted.messages = await deleteAll(signal, (tx, limit) =>
        store.messages(tx, appId, before(messageRetentionDays), limit),
      );
    }
    if (eventRetentionDays !== null) {
      deleted.events = await deleteAll(signal, (tx, limit) =>
        store.events(tx, appId, before(eventRetentionDays), limit),
      );
    }
    if (Object.values(deleted).some((n) => n > 0))
      log.info({ app_id: appId, deleted }, 'deleted what was past its time');
  };

  return {
    name: RETENTION_JOB,
    concurrency: 1,
    maxAttempts: 1,
    backoffMs: () => everyMs,
    everyMs,
    run: async ({ signal }) => {
      const now = clock.now();
      for (const { id, settings } of await store.apps()) await clearApp(id, settings, now, signal);
      await database.transaction((tx) => store.giveUpDeliveries(tx, now - DELIVERIES_WAIT_DAYS * DAY_MS));
      await deleteAll(signal, (tx, limit) => store.refreshTokens(tx, now, limit));
      await deleteAll(signal, (tx, limit) => store.invitations(tx, now - RECORDS_KEPT_DAYS * DAY_MS, limit));
      await database.transaction((tx) => store.setupTokens(tx, now));
      await database.transaction(async (tx) => {
        await tx
          .insertInto('maintenance_runs')
          .values({ name: RETENTION_JOB, finished_at: now })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ finished_at: now }))
          .execute();
      });
    },
  };
}
