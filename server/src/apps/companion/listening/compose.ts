import { join } from 'node:path';
import type { HttpServer } from '../../../platform/http/server.js';
import { upgradesOf } from '../../../platform/http/upgrades.js';
import type { Platform } from '../../../platform/platform.js';
import { offlineRoutes } from '../offline/routes.js';
import { createOfflineService } from '../offline/service.js';
import { createOfflineStore } from '../offline/store.js';
import type { Rooms } from '../rooms.js';
import type { RouteHooks } from '../route-hooks.js';
import { transcriptionRoutes } from '../transcriptions/routes.js';
import { createTranscriptionService } from '../transcriptions/service.js';
import { createTranscriptionStore } from '../transcriptions/store.js';
import { createAudioThread } from './audio-thread.js';
import { createHub } from './hub.js';
import { createJournalRuns } from './journal/runs.js';
import { createLeftovers } from './leftovers.js';
import { isListenAddress, listenRoute } from './listen-sockets.js';
import type { LiveTap } from './live-tap.js';
import { createPhotos } from './photos.js';
import { createRecordings } from './recordings.js';
import { createListeningStore } from './store.js';
import { sweepJob } from './sweep-job.js';
import { createTranslator } from './translator.js';
import { createWordsLater } from './words-later.js';
import { isWsAddress, wsRoute } from './ws-sockets.js';

/** The sockets that listen, the audio that they take in, and the end of every conversation. */
export function createListening(
  platform: Platform,
  rooms: Rooms,
  live: LiveTap = { heard: () => {}, audio: () => {} },
) {
  const { clock, config, database, jobs, log } = platform;
  const store = createListeningStore(database);
  const thread = createAudioThread(clock);
  const runs = createJournalRuns(join(config.DATA_DIR, 'companion-journal'));
  const later = createWordsLater(platform, rooms, store);
  const leftovers = createLeftovers(platform, { runs, thread, store, later });
  const hub = createHub(platform);
  const recordings = createRecordings(platform, thread);
  const offline = createOfflineService(platform, rooms, recordings, createOfflineStore(database));
  const transcriptions = createTranscriptionService(
    platform,
    rooms,
    recordings,
    createTranscriptionStore(database),
  );
  const parts = {
    platform,
    rooms,
    store,
    thread,
    runs,
    later,
    leftovers,
    translator: createTranslator(platform, rooms),
    live,
  };
  jobs.define(later.job);
  jobs.define(sweepJob(platform, rooms, store));
  let removeSockets = () => {};

  return {
    recordings,
    routes(server: HttpServer, hooks: RouteHooks): void {
      offlineRoutes(server, offline, hooks);
      transcriptionRoutes(server, { transcriptions, recordings, users: rooms.users }, hooks);
      const upgrades = upgradesOf(server.server);
      const photos = createPhotos(platform, rooms);
      const removers = [
        upgrades.add(listenRoute(hub, parts, photos), isListenAddress),
        upgrades.add(wsRoute(hub, parts), isWsAddress),
      ];
      removeSockets = () => {
        for (const remove of removers) remove();
      };
    },
    wordsStored: hub.wordsStored,
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
