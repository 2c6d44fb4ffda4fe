import type { HttpServer } from '../../platform/http/server.js';
import { createPasswords } from '../../platform/identity/passwords.js';
import type { Platform } from '../../platform/platform.js';
import { cannedReplyRoutes } from './canned-replies/routes.js';
import { createCannedReplies } from './canned-replies/service.js';
import { createCannedReplyStore } from './canned-replies/store.js';
import type { Core } from './core.js';
import { inboxRoutes } from './inbox/routes.js';
import { createInbox } from './inbox/service.js';
import { createInboxStore } from './inbox/store.js';
import { keyExpiryJob } from './keys/expiry-job.js';
import { createKeyManagement } from './keys/management.js';
import { keyRoutes } from './keys/routes.js';
import { createKeyStore } from './keys/store.js';
import { onboardingRoutes } from './onboarding/routes.js';
import { createOnboarding } from './onboarding/service.js';
import { createOnboardingStore } from './onboarding/store.js';
import { createAccessTokens } from './operators/access-tokens.js';
import { createOperatorDirectory } from './operators/directory.js';
import { createOperatorHooks } from './operators/operator-hooks.js';
import { createRefreshTokens } from './operators/refresh-tokens.js';
import { createRegistration } from './operators/registration.js';
import { operatorRoutes } from './operators/routes.js';
import { createAccounts } from './operators/service.js';
import { createOperatorStore } from './operators/store.js';
import { supportErrorHandler } from './present-error.js';
import { publicAddressOf } from './public-address.js';
import type { FanOut } from './realtime/fan-out.js';
import type { OperatorService, PresenceService } from './services.js';
import { settingsRoutes } from './settings/routes.js';
import { createAppSettingsService } from './settings/service.js';
import { createAppStore } from './settings/store.js';
import { setupRoutes } from './setup/routes.js';
import { createSetup } from './setup/service.js';
import { createSetupTokenStore } from './setup/store.js';
import { teamRoutes } from './team/routes.js';
import { createTeam } from './team/service.js';
import { createInvitationStore } from './team/store.js';
import { webhookRoutes } from './webhooks/routes.js';
import { createWebhookService } from './webhooks/service.js';
import type { WebhookStore } from './webhooks/store.js';

/** Everything that the team uses: accounts, the inbox, settings, and setting up. */
export interface OperatorRooms {
  readonly operators: OperatorService;
  readonly appExists: (appId: string) => Promise<boolean>;
  /** Prints the one-time set-up link when nobody can sign in yet. */
  inviteFirstOperator(port: number): Promise<void>;
  addRoutes(server: HttpServer, presence: PresenceService): Promise<void>;
  close(): Promise<void>;
}

export async function createOperatorRooms(
  platform: Platform,
  fanOut: FanOut,
  core: Core,
  webhookStore: WebhookStore,
): Promise<OperatorRooms> {
  const { clock, config, database, jobs, limits, log, secrets } = platform;
  const apps = createAppStore(database);
  const keyStore = createKeyStore(database);
  const operatorStore = createOperatorStore(database);
  const passwords = createPasswords();
  const registration = createRegistration({ clock, apps, keys: keyStore, operators: operatorStore });
  const directory = await createOperatorDirectory({ database, clock, log, fanOut, store: operatorStore });
  const accounts = createAccounts({
    database,
    clock,
    limits,
    fanOut,
    passwords,
    accessTokens: createAccessTokens(secrets.derive('support-access-tokens'), clock),
    refreshTokens: createRefreshTokens(clock),
    registration,
    directory,
    operators: operatorStore,
    apps,
    signup: config.SUPPORT_SIGNUP,
  });
  const setup = createSetup({
    database,
    clock,
    limits,
    passwords,
    accounts,
    registration,
    operators: operatorStore,
    apps,
    tokens: createSetupTokenStore(database),
    masterKey: config.MASTER_API_KEY,
  });
  jobs.define(keyExpiryJob({ clock, store: keyStore, fanOut }));

  return {
    operators: accounts,
    appExists: async (appId) => (await apps.byId(appId)) !== undefined,
    inviteFirstOperator: async (port) => {
      const token = await setup.firstStartToken();
      if (!token) return;
      const address =
        config.PUBLIC_URL?.replace(/\/+$/, '') ??
        `${config.TLS_CERT_FILE ? 'https' : 'http'}://localhost:${port}`;
      // The one secret that is printed on purpose: it works once, for whoever reads the server's own output.
      process.stdout.write(
        `\nSet up support chat (this link works once): ${address}/setup?token=${token}\n\n`,
      );
    },
    addRoutes: async (server, presence) => {
      await server.register(async (plain) => {
        const scope = plain as HttpServer;
        scope.setErrorHandler(supportErrorHandler);
        const hooks = createOperatorHooks(scope, accounts);
        const publicAddress = publicAddressOf(config.PUBLIC_URL);
        const keys = createKeyManagement({ database, clock, jobs, fanOut, store: keyStore, apps });
        const settings = createAppSettingsService({ database, clock, apps });
        const team = createTeam({
          database,
          clock,
          limits,
          fanOut,
          passwords,
          accounts,
          registration,
          operators: operatorStore,
          invitations: createInvitationStore(database),
        });
        const inbox = createInbox({
          clock,
          store: createInboxStore(database),
          conversations: core.conversations,
          presence,
        });
        operatorRoutes(scope, accounts, hooks);
        teamRoutes(scope, team, hooks, publicAddress);
        keyRoutes(scope, keys, hooks);
        settingsRoutes(scope, settings, hooks);
        inboxRoutes(scope, { inbox, conversations: core.conversations, messages: core.messages }, hooks);
        cannedReplyRoutes(
          scope,
          createCannedReplies({ database, clock, store: createCannedReplyStore(database) }),
          hooks,
        );
        onboardingRoutes(
          scope,
          {
            onboarding: createOnboarding({ database, clock, store: createOnboardingStore(database) }),
            keys,
            settings,
          },
          hooks,
          publicAddress,
        );
        webhookRoutes(scope, createWebhookService({ platform, store: webhookStore }), hooks);
        setupRoutes(scope, setup, publicAddress);
      });
    },
    close: () => directory.close(),
  };
}
