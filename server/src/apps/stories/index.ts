import { requireCaller } from '../../platform/identity/require-caller.js';
import { storedBytesJob } from '../../platform/media/stored-bytes.js';
import type { App } from '../../platform/platform.js';
import { storiesAdoption } from './adoption.js';
import { onBothPrefixes } from './both-prefixes.js';
import { customEventRoutes } from './custom-events/routes.js';
import { createDevices } from './devices.js';
import { eraseJob } from './files/erase-job.js';
import { ownedMedia } from './files/media-keys.js';
import { rememberOrigin } from './files/request-origin.js';
import { createStoryMedia } from './files/story-media.js';
import { createGeneration } from './generation/compose.js';
import { createIdempotentPosts } from './generation/idempotent-posts.js';
import { healthRoutes, storiesHealth } from './health/routes.js';
import { heroRoutes } from './heroes/routes.js';
import { illustrationRoutes } from './illustrations/routes.js';
import { storiesMigrations } from './migrations.js';
import { createRecords } from './records.js';
import { storyRoutes } from './stories/routes.js';
import { accountUsage } from './usage/account-usage.js';
import { pruneJob } from './usage/prune-job.js';
import { createUsageService } from './usage/service.js';
import { presentCounters } from './user/presenter.js';
import { userRoutes } from './user/routes.js';
import { createUserService } from './user/service.js';
import { createUserStore, readProfile } from './user/store.js';
import { visualProfileRoutes } from './visual-profiles/routes.js';

/** Children's heroes and bedtime stories, on many devices. Wire contract: InfiniteStories. */
export const storiesApp: App = {
  name: 'stories',
  title: 'Stories',
  summary: "Children's heroes and bedtime stories with narration and pictures, also offline.",
  page: '/stories',
  migrations: storiesMigrations,
  install: async (platform, server) => {
    const { accounts, clock, database, identityLinks, jobs, users } = platform;
    const media = createStoryMedia(platform);
    const records = createRecords(platform, media);
    const { heroes, visualProfiles, stories, illustrations, customEvents } = records;
    const usage = createUsageService(platform);
    const user = createUserService(platform, createUserStore(database), usage);
    const devices = createDevices(platform, records, media);
    const idempotentPosts = createIdempotentPosts(platform);
    const generation = await createGeneration(platform, records, media, usage);
    const authenticated = requireCaller(platform);
    const apiHealth = storiesHealth(platform);

    accounts.addUserFields(async (read, userId) => presentCounters(await readProfile(read, userId)));
    users.onRemoval((tx, userId) => media.eraseAll(tx, userId));
    identityLinks.onJoin(storiesAdoption(platform));
    jobs.define(eraseJob(platform));
    jobs.define(storedBytesJob(platform, ownedMedia));
    jobs.define(pruneJob(platform));
    for (const job of devices.jobs) jobs.define(job);
    server.addHook('preClose', async () => {
      devices.endStreams();
      await generation.stop();
    });
    server.addHook('onClose', async () => idempotentPosts.close());

    await onBothPrefixes(server, clock, async (scope) => {
      healthRoutes(scope, platform, apiHealth);
      await devices.publicRoutes(scope);
    });
    await onBothPrefixes(server, clock, (scope) => {
      scope.addHook('onRequest', authenticated);
      rememberOrigin(scope);
      idempotentPosts.addTo(scope);
      heroRoutes(scope, heroes, media);
      visualProfileRoutes(scope, visualProfiles);
      storyRoutes(scope, { stories, media, generate: generation.generate });
      illustrationRoutes(scope, illustrations, media);
      customEventRoutes(scope, customEvents, media);
      userRoutes(scope, user);
      devices.routes(scope);
      generation.routes(scope);
    });

    return {
      accountUsage: (userId, since) => accountUsage(database, userId, since),
      openSockets: devices.openStreams,
      recover: generation.recover,
      apiHealth,
    };
  },
};
