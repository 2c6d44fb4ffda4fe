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
import { onApi, onV1 } from './scopes.js';

/** Talk to an assistant from any browser; OpenAI-compatible endpoints for everyone else. */
export const voiceApp: App = {
  name: 'voice',
  title: 'Voice',
  summary: 'Tap and talk to an assistant from any browser. Speaks OpenAI’s protocols, so its SDKs work here.',
  page: null,
  migrations: [],
  install: async (platform, server) => {
    const engines = chooseEngines(platform);
    const secrets = createClientSecrets(platform);
    const callers = createVoiceCallers(platform, secrets, engines);
    server.addHook('onClose', () => engines.close());

    await onApi(server, callers, (scope) => {
      configRoute(scope, platform, engines);
      conversationRoute(scope, createConversationService(platform, engines), callers);
    });
    await onV1(server, callers, (scope) => {
      clientSecretRoutes(scope, createClientSecretService(platform, secrets), callers);
    });

    return { apiHealth: voiceHealth(engines) };
  },
};
