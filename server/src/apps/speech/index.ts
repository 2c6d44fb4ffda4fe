import { requireCaller } from '../../platform/identity/require-caller.js';
import type { App } from '../../platform/platform.js';
import { speechAdoption } from './files/adoption.js';
import { downloadRoute } from './files/download-route.js';
import { fileRoutes } from './files/routes.js';
import { createFileService } from './files/service.js';
import { createFileStore } from './files/store.js';
import { failAbandoned, generationJob } from './generation/job.js';
import { generationKey } from './generation/payload.js';
import { speechMigrations } from './migrations.js';
import { playbackRoutes } from './playback/routes.js';
import { createPlaybackService } from './playback/service.js';
import { createPlaybackStore } from './playback/store.js';
import { eraseUser, erasingJob } from './retention/erasing-job.js';
import { retentionJob } from './retention/job.js';
import type { RouteHooks } from './route-hooks.js';
import { sessionRoutes } from './sessions/routes.js';
import { createSessions } from './sessions/service.js';
import { usageRoutes } from './usage/routes.js';
import { createUsageService } from './usage/service.js';

/** Turn texts into audio once, hear them on every device. Wire contract: the "speech notes service". */
export const speechApp: App = {
  name: 'speech',
  title: 'Speech',
  summary: 'Turn texts into audio once, hear them on every device.',
  page: '/speech',
  migrations: speechMigrations,
  install: async (platform, server) => {
    const fileStore = createFileStore(platform.database);
    const playbackStore = createPlaybackStore(platform.database);
    const sessions = await createSessions(platform);
    const files = createFileService(platform, fileStore, sessions.keyOf);
    const playback = createPlaybackService(platform.database, platform.clock, playbackStore);
    const usage = createUsageService(platform, fileStore);
    const hooks: RouteHooks = { authenticated: { onRequest: requireCaller(platform) } };

    platform.jobs.define(generationJob(platform, fileStore));
    platform.jobs.define(retentionJob(platform, fileStore, playbackStore));
    platform.jobs.define(erasingJob(platform));
    platform.users.onRemoval((tx, userId) => eraseUser(platform, fileStore, tx, userId));
    platform.identityLinks.onJoin(speechAdoption(platform, fileStore));

    sessionRoutes(server, sessions, hooks);
    fileRoutes(server, files, hooks);
    downloadRoute(server, files, platform.clock, hooks);
    playbackRoutes(server, playback, files, hooks);
    usageRoutes(server, usage, hooks);
    server.addHook('onClose', () => sessions.close());

    return {
      accountUsage: usage.ofAccount,
      recover: () => failAbandoned(platform, fileStore, generationKey),
    };
  },
};
