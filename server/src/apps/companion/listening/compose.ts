import { join } from 'node:path';
import type { HttpServer } from '../../../platform/http/server.js';
import { upgradesOf } from '../../../platform/http/upgrades.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { SegmentRow } from '../tables.js';
import { createAudioThread } from './audio-thread.js';
import { createHub } from './hub.js';
import { createJournalRuns } from './journal/runs.js';
import { createLeftovers } from './leftovers.js';
import { isListenAddress, listenRoute } from './listen-sockets.js';
import { createPhotos } from './photos.js';
import { createListeningStore } from './store.js';
import { sweepJob } from './sweep-job.js';
import { createWordsLater } from './words-later.js';

/** The sockets that listen, the audio that they take in, and the end of every conversation. */
export function createListening(
  platform: Platform,
  rooms: Rooms,
  heard: (userId: string, conversationId: string, segments: readonly SegmentRow[]) => void = () => {},
) {
  const { clock, config, database, jobs, log } = platform;
  const store = createListeningStore(database);
  const thread = createAudioThread(clock);
  const runs = createJournalRuns(join(config.DATA_DIR, 'companion-journal'));
  const later = createWordsLater(platform, rooms, store);
  const leftovers = createLeftovers(platform, { runs, thread, store, later });
  const hub = createHub(platform);
  const parts = { platform, rooms, store, thread, runs, later, leftovers, heard };
  jobs.define(later.job);
  jobs.define(sweepJob(platform, rooms, store));
  let removeSockets = () => {};

  return {
    thread,
    routes(server: HttpServer): void {
      const upgrades = upgradesOf(server.server);
      const removers = [
        upgrades.add(listenRoute(hub, parts, createPhotos(platform, rooms)), isListenAddress),
      ];
      removeSockets = () => {
        for (const remove of removers) remove();
      };
    },
    openSockets: () => hub.size,
    /** In the background: clients may come back meanwhile. */
    recover: async (): Promise<void> => {
      leftovers
        .claim()
        .catch((error: unknown) => log.error({ err: error }, 'the journals of live audio could not be read'));
    },
    async close(): Promise<void> {
      removeSockets();
      await hub.close();
      leftovers.close();
      await thread.close();
      await runs.close();
    },
  };
}

export type Listening = ReturnType<typeof createListening>;
