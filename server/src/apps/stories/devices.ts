import type { HttpServer } from '../../platform/http/server.js';
import type { JobDefinition } from '../../platform/jobs/jobs.js';
import type { Platform } from '../../platform/platform.js';
import { batchRoutes } from './batch/routes.js';
import { createBatches } from './batch/service.js';
import { createBinder } from './files/bindings.js';
import { createConfirmations } from './files/confirmations.js';
import { mediaRoute } from './files/media-route.js';
import { filesRoutes } from './files/routes.js';
import { uploadRoute } from './files/upload-route.js';
import { createUploadStore } from './files/upload-store.js';
import { createUploads } from './files/uploads.js';
import { createJourney } from './reading/journey.js';
import { readingRoutes } from './reading/routes.js';
import { createReadingService } from './reading/service.js';
import { createReadingStore } from './reading/store.js';
import type { Records } from './records.js';
import { retentionJob } from './retention/job.js';
import { orphansJob } from './retention/orphans.js';
import type { ReadingService, StoryMedia } from './services.js';
import { createEntities } from './sync/entities.js';
import { createPull } from './sync/pull.js';
import { createPush } from './sync/push.js';
import { syncRoutes } from './sync/routes.js';
import { createStreams } from './sync/streams.js';

/** What a family's devices need beside the records: files, batches, sync and the reading journey. */
export interface Devices {
  readonly reading: ReadingService;
  readonly jobs: readonly JobDefinition<null>[];
  /** For whoever holds a signed address: media, and the bytes of uploads. */
  publicRoutes(scope: HttpServer): Promise<void>;
  /** For signed-in users. */
  routes(scope: HttpServer): void;
  /** Streams that are open on this node. */
  openStreams(): number;
  /** Ends the streams, so that the server can stop. */
  endStreams(): void;
}

/** Builds these rooms over the platform and the records. */
export function createDevices(platform: Platform, { stores, rooms }: Records, media: StoryMedia): Devices {
  const uploadStore = createUploadStore(platform.database);
  const uploads = createUploads(platform, { store: uploadStore, media });
  const fileParts = { media, uploads: uploadStore, rooms, ...stores };
  const confirmations = createConfirmations(platform, fileParts);
  const readingStore = createReadingStore(platform.database);
  const reading = createReadingService(platform, { reading: readingStore, stories: stores.stories });
  const journey = createJourney(platform, readingStore);
  const entities = createEntities(rooms);
  const pull = createPull(platform, entities);
  const push = createPush(platform, { entities, reading });
  const streams = createStreams(platform);
  const batches = createBatches(platform, { rooms, media, bind: createBinder(platform, fileParts) });
  return {
    reading,
    jobs: [retentionJob(platform, { uploads: uploadStore, reading: readingStore }), orphansJob(platform)],
    publicRoutes: async (scope) => {
      mediaRoute(scope, platform);
      await uploadRoute(scope, { uploads });
    },
    routes: (scope) => {
      filesRoutes(scope, { uploads, confirmations, media });
      readingRoutes(scope, {
        platform,
        service: reading,
        journey,
        store: readingStore,
        stories: stores.stories,
        media,
      });
      batchRoutes(scope, { batches });
      syncRoutes(scope, { pull, push, streams });
    },
    openStreams: streams.count,
    endStreams: streams.close,
  };
}
