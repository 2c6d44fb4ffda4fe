import type { Environment } from '../environment.js';
import type { LocalStore, StoreTransaction } from '../stores/local-store.js';
import { readSetting, removeSetting, writeSetting } from '../stores/settings.js';

/** Contract §7.5. */
export const SHORTEST_SESSION_S = 5;
export const KEPT_REPORTS = 50;
export const REPORT_LIFETIME_MS = 7 * 24 * 3_600_000;
export const LIVE_SESSION_LIFETIME_MS = 24 * 3_600_000;

/** Someone is listening right now; kept so that it is not lost when the app is ended. */
interface LiveSession {
  readonly id: string;
  readonly storyId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly savedAt: number;
  /** Seconds heard so far. */
  readonly heard: number;
}

/** Reports how long was listened to which story, also offline and across the end of the app. */
export interface Listening {
  /** Playback begins, or goes on, at a story. Another story's session is ended first. */
  start(storyId: string): Promise<void>;
  /** The player says how far it is; call it every few seconds, at each pause and when the page is hidden. @param heard seconds */
  save(heard: number): Promise<void>;
  /** @param heard seconds that were really heard */
  finish(session: { readonly heard: number; readonly completed: boolean }): Promise<void>;
  /** At launch: reports the session that the end of the app interrupted, and drops what is too old to be sent. */
  recover(): Promise<void>;
  /** Reports that wait to be sent. */
  pendingCount(): Promise<number>;
}

const LIVE = 'listening:live';

export function createListening(parts: {
  readonly store: LocalStore;
  readonly environment: Environment;
  /** There is something to send. */
  readonly written: () => void;
}): Listening {
  const { store, environment } = parts;

  async function report(tx: StoreTransaction, live: LiveSession, completed: boolean): Promise<boolean> {
    await removeSetting(tx, LIVE);
    if (live.heard < SHORTEST_SESSION_S || !(await tx.get('records', live.storyId))) return false;
    await tx.put('listening', {
      id: live.id,
      storyId: live.storyId,
      startedAt: new Date(live.startedAt).toISOString(),
      endedAt: new Date(Math.max(live.savedAt, live.startedAt + 1000)).toISOString(),
      duration: Math.floor(live.heard),
      completed,
    });
    await dropOld(tx);
    return true;
  }

  async function dropOld(tx: StoreTransaction): Promise<void> {
    const newestFirst = [...(await tx.all('listening'))].sort((a, b) => (a.endedAt < b.endedAt ? 1 : -1));
    const oldest = environment.now() - REPORT_LIFETIME_MS;
    for (const [place, { id, endedAt }] of newestFirst.entries()) {
      if (place >= KEPT_REPORTS || Date.parse(endedAt) < oldest) await tx.delete('listening', id);
    }
  }

  const tell = (reported: boolean): void => {
    if (reported) parts.written();
  };

  return {
    start: async (storyId) =>
      tell(
        await store.write(async (tx) => {
          const live = await readSetting<LiveSession>(tx, LIVE);
          if (live?.storyId === storyId) return false;
          const reported = live ? await report(tx, live, false) : false;
          const now = environment.now();
          const next = { id: environment.newId(), storyId, startedAt: now, savedAt: now, heard: 0 };
          await writeSetting(tx, LIVE, next);
          return reported;
        }),
      ),
    save: (heard) =>
      store.write(async (tx) => {
        const live = await readSetting<LiveSession>(tx, LIVE);
        if (live) await writeSetting(tx, LIVE, { ...live, heard, savedAt: environment.now() });
      }),
    finish: async ({ heard, completed }) =>
      tell(
        await store.write(async (tx) => {
          const live = await readSetting<LiveSession>(tx, LIVE);
          return live ? await report(tx, { ...live, heard, savedAt: environment.now() }, completed) : false;
        }),
      ),
    recover: async () =>
      tell(
        await store.write(async (tx) => {
          await dropOld(tx);
          const live = await readSetting<LiveSession>(tx, LIVE);
          if (!live) return false;
          if (environment.now() - live.savedAt <= LIVE_SESSION_LIFETIME_MS)
            return await report(tx, live, false);
          await removeSetting(tx, LIVE);
          return false;
        }),
      ),
    pendingCount: async () => (await store.read((tx) => tx.all('listening'))).length,
  };
}
