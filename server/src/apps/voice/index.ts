import type { App } from '../../platform/platform.js';
import { createVoiceCallers } from './callers.js';
import { clientSecretRoutes } from './client-secrets/routes.js';
import { createClientSecrets } from './client-secrets/secrets.js';
import { createClientSecretService } from './client-secrets/service.js';
import { configRoute } from './config/routes.js';
import { conversationRoute } from './conversation/routes.js';
import { createConversationService } from './conversation/service.js';
import { chooseEngines } from './engines.js';
import { voiceHealth } from './health/members.js';
import { historyRetentionJob } from './history/retention-job.js';
import { historyRoutes } from './history/routes.js';
import { createHistoryService } from './history/service.js';
import { createHistoryStore } from './history/store.js';
import { keyRoutes } from './keys/routes.js';
import { voiceMigrations } from './migrations.js';
import { openaiRoutes } from './openai/routes.js';
import { callsRoute } from './realtime/calls.js';
import { createRealtimeSockets } from './realtime/sockets.js';
import { onApi, onV1 } from './scopes.js';
import { speakRoute } from './speech/routes.js';
import { createSpeechService } from './speech/service.js';
import { acceptRecordings } from './transcription/recordings.js';
import { transcribeRoute } from './transcription/routes.js';
import { createTranscriptionService } from './transcription/service.js';
import { createUsageService } from './usage/service.js';

/** Talk to an assistant from any browser; OpenAI-compatible endpoints for everyone else. */
export const voiceApp: App = {
  name: 'voice',
  title: 'Voice',
  summary: 'Tap and talk to an assistant from any browser. Speaks OpenAI’s protocols, so its SDKs work here.',
  page: '/voice',
  migrations: voiceMigrations,
  install: async (platform, server) => {
    const engines = chooseEngines(platform);
    const secrets = createClientSecrets(platform);
    const callers = createVoiceCallers(platform, secrets, engines);
    const speech = createSpeechService(engines);
    const transcription = createTranscriptionService(engines);
    const historyStore = createHistoryStore(platform.database);
    const history = createHistoryService(platform, historyStore);
    const usage = createUsageService(platform);
    platform.jobs.define(historyRetentionJob(platform, historyStore));
    server.addHook('onClose', () => engines.close());

    await onApi(server, callers, async (scope) => {
      configRoute(scope, platform, engines);
      const conversation = createConversationService(platform, engines);
      conversationRoute(scope, platform.clock, { service: conversation, history, usage }, callers);
      historyRoutes(scope, history);
      keyRoutes(scope, platform);
      speakRoute(scope, platform, speech, callers);
    });
    await onApi(server, callers, async (scope) => {
      await acceptRecordings(scope);
      transcribeRoute(scope, transcription, callers);
    });
    await onV1(server, callers, async (scope) => {
      clientSecretRoutes(scope, createClientSecretService(platform, secrets), callers);
      callsRoute(scope);
      await openaiRoutes(scope, platform, { engines, callers, speech, transcription, usage });
    });

    const sockets = createRealtimeSockets(platform, callers, engines, usage);
    sockets.attach(server);
    server.addHook('preClose', async () => sockets.close());

    return { accountUsage: usage.ofAccount, apiHealth: voiceHealth(engines), openSockets: sockets.count };
  },
};
