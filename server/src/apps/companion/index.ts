import multipart from '@fastify/multipart';
import { answerPreflights, type PreflightAnswers } from '../../platform/http/preflights.js';
import { requireCaller } from '../../platform/identity/require-caller.js';
import { storedBytesJob } from '../../platform/media/stored-bytes.js';
import type { App } from '../../platform/platform.js';
import { actionItemRoutes } from './action-items/routes.js';
import { createChat } from './chat/compose.js';
import { daySummaryJob } from './chat/day-summary.js';
import { conversationRoutes } from './conversations/routes.js';
import { exportRoutes } from './export/routes.js';
import { fringeRoutes } from './fringe/routes.js';
import { healthRoute } from './health/routes.js';
import { createListening } from './listening/compose.js';
import { eraseJob } from './media/erase-job.js';
import { ownedMedia } from './media/keys.js';
import { memoryRoutes } from './memories/routes.js';
import { companionMigrations } from './migrations.js';
import { peopleRoutes } from './people/routes.js';
import { pushJob } from './push/pushes.js';
import { createReadApi } from './read-api/compose.js';
import { createRooms } from './rooms.js';
import type { RouteHooks } from './route-hooks.js';
import { browserSignInRoutes } from './sign-in/browser/routes.js';
import { signInRoutes } from './sign-in/routes.js';
import { speechProfileRoutes } from './speech-profile/routes.js';
import { summarizersOf } from './summaries/engines.js';
import { summaryJob } from './summaries/job.js';
import { accountUsage } from './users/account-usage.js';
import { companionAdoption } from './users/adoption.js';
import { userRoutes } from './users/routes.js';
import { createWebhookDelivery } from './webhooks/compose.js';
import { webhookRoutes } from './webhooks/routes.js';
import { companionJson } from './wire/json.js';

/** Contract §9.1, and the headers of §1.2. */
const preflights: PreflightAnswers = {
  status: 200,
  seconds: 86_400,
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  headers: [
    'Content-Type',
    'Authorization',
    'X-Custom-Header',
    'X-App-Id',
    'X-App-Platform',
    'X-App-Version',
    'X-Request-Start-Time',
  ],
};

/** A phone or wearable streams audio; what was said becomes conversations, memories and to-dos. Wire contract: the Omi app. */
export const companionApp: App = {
  name: 'companion',
  title: 'Companion',
  summary:
    'A phone or wearable streams audio: live transcript, conversations, memories, and chat about them.',
  page: '/companion',
  migrations: companionMigrations,
  install: async (platform, server) => {
    const { identityLinks, jobs, users } = platform;
    const rooms = createRooms(platform);
    const webhooks = createWebhookDelivery(platform, rooms, rooms.stores.chat);
    const readApi = createReadApi(platform, rooms);
    const listening = createListening(platform, rooms, webhooks.live);
    const chat = createChat(platform, rooms, listening.recordings);
    const hooks: RouteHooks = {
      authenticated: { onRequest: requireCaller(platform, { developmentLogins: true }) },
    };

    users.onRemoval((tx, userId) => rooms.erasing.eraseAll(tx, userId));
    identityLinks.onJoin(companionAdoption(platform, rooms));
    jobs.define(eraseJob(platform));
    jobs.define(storedBytesJob(platform, ownedMedia));
    jobs.define(pushJob(platform, rooms.stores.profiles));
    jobs.define(daySummaryJob(platform, rooms, webhooks.dayTold));
    jobs.define(
      summaryJob(platform, {
        ...rooms,
        ...rooms.stores,
        store: rooms.stores.conversations,
        items: rooms.items,
        memories: rooms.memories,
        people: rooms.people,
        ...summarizersOf(platform.text),
        finished: webhooks.finished,
      }),
    );

    server.addHook('preClose', async () => {
      webhooks.close();
      await listening.close();
    });
    answerPreflights(server, preflights);
    server.setReplySerializer(companionJson);
    await server.register(multipart);
    healthRoute(server);
    signInRoutes(server, platform);
    await browserSignInRoutes(server, platform);
    conversationRoutes(
      server,
      { ...rooms, search: rooms.texts, text: platform.text, wordsStored: listening.wordsStored },
      hooks,
    );
    actionItemRoutes(server, rooms.items, hooks);
    memoryRoutes(server, rooms.memories, hooks);
    peopleRoutes(server, rooms.people, hooks);
    webhookRoutes(server, rooms.webhooks, hooks);
    chat.routes(server, hooks);
    readApi.routes(server, hooks);
    exportRoutes(server, platform, rooms, hooks);
    speechProfileRoutes(server, platform, rooms.speechProfiles, hooks);
    fringeRoutes(server, hooks);
    listening.routes(server, hooks);
    userRoutes(server, platform, rooms.users, hooks);
    return {
      accountUsage: (userId, since) => accountUsage(platform.database, userId, since),
      openSockets: listening.openSockets,
      recover: listening.recover,
    };
  },
};
