import { requireCaller } from '../../platform/identity/require-caller.js';
import type { App } from '../../platform/platform.js';
import { onBothPrefixes } from './both-prefixes.js';
import { healthRoutes } from './health/routes.js';
import { storiesMigrations } from './migrations.js';

/** Children's heroes and bedtime stories, on many devices. Wire contract: InfiniteStories. */
export const storiesApp: App = {
  name: 'stories',
  title: 'Stories',
  summary: "Children's heroes and bedtime stories with narration and pictures, also offline.",
  page: '/stories',
  migrations: storiesMigrations,
  install: async (platform, server) => {
    const { clock } = platform;
    const authenticated = requireCaller(platform);

    await onBothPrefixes(server, clock, (scope) => healthRoutes(scope, platform));
    await onBothPrefixes(server, clock, (scope) => {
      scope.addHook('onRequest', authenticated);
    });

    return {};
  },
};
