import { listOf } from '../../config.js';
import type { App } from '../../platform/platform.js';
import { createCore } from './core.js';
import { presentOne } from './inbox/presenter.js';
import { createSupportMetrics } from './metrics.js';
import { supportMigrations } from './migrations.js';
import { createOperatorSide } from './operator-side.js';
import { pushEffect } from './push/effect.js';
import { pushJob } from './push/job.js';
import { pushRoutes } from './push/routes.js';
import { createPushStore } from './push/store.js';
import { fanOutOver } from './realtime/fan-out.js';
import { createRealtime } from './realtime/realtime.js';
import { retentionJob } from './retention/job.js';
import { createRetentionStore } from './retention/store.js';
import { sdkRoutes } from './sdk-routes.js';
import { createAppStore } from './settings/store.js';
import { printFirstLink } from './setup/first-link.js';
import { webhookEffects } from './webhooks/effects.js';
import { webhookJob } from './webhooks/job.js';
import { webhookRoutes } from './webhooks/routes.js';
import { createWebhookService } from './webhooks/service.js';
import { createWebhookStore } from './webhooks/store.js';

/** In-app customer chat: SDK devices on one side, an inbox for the team on the other. */
export const supportApp: App = {
  name: 'support',
  title: 'Support',
  summary: 'In-app customer chat with an inbox for the team.',
  page: '/admin',
  morePages: ['/setup', '/support/demo'],
  migrations: supportMigrations,
  install: async (platform, server) => {
    const { clock, config, database, jobs, log } = platform;
    const metrics = createSupportMetrics(platform.metrics.registry);
    const fanOut = fanOutOver(platform.events, platform.tracer);
    const pushStore = createPushStore(database);
    const webhookStore = createWebhookStore(database);
    const webhooks = webhookEffects({ jobs, clock, store: webhookStore });
    const core = await createCore(
      platform,
      fanOut,
      {
        messages: [pushEffect(jobs, platform.push, pushStore), webhooks.message],
        conversations: [webhooks.conversation],
      },
      metrics,
    );
    const team = await createOperatorSide(platform, fanOut);
    const apps = createAppStore(database);
    const realtime = await createRealtime({
      clock,
      log,
      metrics,
      keys: core.keys,
      operators: team.operators,
      conversations: core.conversations,
      messages: core.messages,
      fanOut,
      events: platform.events,
      presence: platform.presence,
      appExists: async (appId) => (await apps.byId(appId)) !== undefined,
      allowedOrigins: config.NODE_ENV === 'production' ? listOf(config.ALLOWED_ORIGINS) : 'any',
      legacySockets: config.LEGACY_SOCKETS,
      presentConversation: (conversation, isOnline) => presentOne({ conversation, isOnline }),
    });
    jobs.define(pushJob({ platform, store: pushStore, presence: realtime.presence, metrics }));
    jobs.define(retentionJob({ platform, store: createRetentionStore(database) }));
    jobs.define(webhookJob({ platform, store: webhookStore, metrics }));

    await sdkRoutes(server, core);
    pushRoutes(server, platform.push);
    const webhookService = createWebhookService({ platform, store: webhookStore });
    const { conversations, messages, events } = core;
    await team.routes(
      server,
      { conversations, messages, events, presence: realtime.presence },
      (scope, hooks) => webhookRoutes(scope, webhookService, hooks),
    );
    realtime.attach(server);
    // Before the HTTP server closes, because that waits for open sockets.
    server.addHook('preClose', () => realtime.close());
    server.addHook('onClose', async () => {
      await team.close();
      await core.close();
    });

    server.addHook('onListen', async () => {
      const address = server.server.address();
      const port = address && typeof address === 'object' ? address.port : config.PORT;
      await printFirstLink(team.setup, config, port);
    });

    return {
      openSockets: () => {
        const { client, legacyClient } = realtime.counts();
        return client + legacyClient;
      },
    };
  },
};
