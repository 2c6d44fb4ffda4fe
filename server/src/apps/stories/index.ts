import { errors } from '../../platform/http/errors.js';
import { requireCaller } from '../../platform/identity/require-caller.js';
import type { App } from '../../platform/platform.js';
import { onBothPrefixes } from './both-prefixes.js';
import { customEventRoutes } from './custom-events/routes.js';
import { eraseJob } from './files/erase-job.js';
import { rememberOrigin } from './files/request-origin.js';
import { createStoryMedia } from './files/story-media.js';
import { healthRoutes } from './health/routes.js';
import { heroRoutes } from './heroes/routes.js';
import { illustrationRoutes } from './illustrations/routes.js';
import { storiesMigrations } from './migrations.js';
import { createRecords } from './records.js';
import { storyRoutes } from './stories/routes.js';
import { visualProfileRoutes } from './visual-profiles/routes.js';

/** Children's heroes and bedtime stories, on many devices. Wire contract: InfiniteStories. */
export const storiesApp: App = {
  name: 'stories',
  title: 'Stories',
  summary: "Children's heroes and bedtime stories with narration and pictures, also offline.",
  page: '/stories',
  migrations: storiesMigrations,
  install: async (platform, server) => {
    const { clock, jobs } = platform;
    const media = createStoryMedia(platform);
    const records = createRecords(platform, media);
    const { heroes, visualProfiles, stories, illustrations, customEvents } = records;
    const authenticated = requireCaller(platform);

    jobs.define(eraseJob(platform));

    await onBothPrefixes(server, clock, (scope) => healthRoutes(scope, platform));
    await onBothPrefixes(server, clock, (scope) => {
      scope.addHook('onRequest', authenticated);
      rememberOrigin(scope);
      heroRoutes(scope, heroes, media);
      visualProfileRoutes(scope, visualProfiles);
      storyRoutes(scope, {
        stories,
        media,
        generate: async () => {
          throw errors.unavailable('Stories cannot be told yet.');
        },
      });
      illustrationRoutes(scope, illustrations, media);
      customEventRoutes(scope, customEvents, media);
    });

    return {};
  },
};
