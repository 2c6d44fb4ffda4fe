import type { HttpServer } from '../../platform/http/server.js';
import { createPasswords, type PasswordCost } from '../../platform/identity/passwords.js';
import type { Platform } from '../../platform/platform.js';
import type { EventStore } from './analytics/event-store.js';
import { createAnalyticsQueries } from './analytics/queries.js';
import { analyticsRoutes } from './analytics/routes.js';
import { createSegmentQueries } from './analytics/segment-queries.js';
import { segmentRoutes } from './analytics/segment-routes.js';
import { cannedReplyRoutes } from './canned-replies/routes.js';
import { createCannedReplies } from './canned-replies/service.js';
import { createCannedReplyStore } from './canned-replies/store.js';
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
import { createOperatorHooks, type OperatorRouteHooks } from './operators/operator-hooks.js';
import { createRefreshTokens } from './operators/refresh-tokens.js';
import { createRegistration } from './operators/registration.js';
import { operatorRoutes } from './operators/routes.js';
import { createAccounts } from './operators/service.js';
import type { SignInAllowance } from './operators/sign-in-limits.js';
import { createOperatorStore } from './operators/store.js';
import { supportErrorHandler } from './present-error.js';
import { publicAddressOf } from './public-address.js';
import type { FanOut } from './realtime/fan-out.js';
import type { ConversationService, MessageService, OperatorService, PresenceService } from './services.js';
import { settingsRoutes } from './settings/routes.js';
import { createAppSettingsService } from './settings/service.js';
import { createAppStore } from './settings/store.js';
import { setupRoutes } from './setup/routes.js';
import { createSetup, type Setup } from './setup/service.js';
import { createSetupTokenStore } from './setup/store.js';
import { teamRoutes } from './team/routes.js';
import { createTeam } from './team/service.js';
import { createInvitationStore } from './team/store.js';
import { usageRoutes } from './usage/routes.js';
import { createUsageStore } from './usage/store.js';

/** Contract §2.2: 100 kB. */
const BODY_LIMIT_BYTES = 100 * 1_024;

/** What the team's rooms need of the customers' rooms. */
export interface CustomerRooms {
  readonly conversations: ConversationService;
  readonly messages: MessageService;
  readonly presence: PresenceService;
  readonly events: EventStore;
}

export interface OperatorSideOptions {
  /** Cheaper for tests only. */
  readonly passwordCost?: PasswordCost;
  readonly signInAllowance?: SignInAllowance;
}

/** The rooms of the people who answer. */
export interface OperatorSide {
  readonly operators: OperatorService;
  readonly setup: Setup;
  /**
   * Adds the operators' routes, in a scope of their own that answers errors in the contract's shape.
   *
   * @param more adds further rooms' routes behind the same door
   */
  routes(
    server: HttpServer,
    rooms: CustomerRooms,
    more?: (scope: HttpServer, hooks: OperatorRouteHooks) => void,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Builds accounts, team, keys, settings, inbox, analytics and set-up. Defines their jobs, so call it before these start. */
export async function createOperatorSide(
  platform: Platform,
  fanOut: FanOut,
  options: OperatorSideOptions = {},
): Promise<OperatorSide> {
  const { clock, config, database, jobs, limits, log, secrets } = platform;
  const apps = createAppStore(database);
  const keyStore = createKeyStore(database);
  const operators = createOperatorStore(database);
  const passwords = createPasswords(options.passwordCost ? { cost: options.passwordCost } : {});
  const registration = createRegistration({ clock, apps, keys: keyStore, operators });
  const directory = await createOperatorDirectory({ database, clock, log, fanOut, store: operators });
  const accessKey = config.JWT_SECRET ? secrets.sessionKey : secrets.derive('support-operators');
  const accounts = createAccounts({
    database,
    clock,
    limits,
    fanOut,
    passwords,
    accessTokens: createAccessTokens(accessKey, clock),
    refreshTokens: createRefreshTokens(clock),
    registration,
    directory,
    operators,
    apps,
    signup: config.SUPPORT_SIGNUP,
    allowance: options.signInAllowance,
  });
  const team = createTeam({
    database,
    clock,
    limits,
    fanOut,
    passwords,
    accounts,
    registration,
    operators,
    invitations: createInvitationStore(database),
  });
  const setup = createSetup({
    database,
    clock,
    limits,
    passwords,
    accounts,
    registration,
    operators,
    apps,
    tokens: createSetupTokenStore(database),
    masterKey: config.MASTER_API_KEY,
  });
  const keys = createKeyManagement({ database, clock, jobs, fanOut, store: keyStore, apps });
  const settings = createAppSettingsService({ database, clock, apps });
  jobs.define(keyExpiryJob({ clock, store: keyStore, fanOut }));

  return {
    operators: accounts,
    setup,
    routes: async (server, { conversations, messages, presence, events }, more) => {
      const publicAddress = publicAddressOf(config.PUBLIC_URL);
      const inbox = createInbox({ clock, store: createInboxStore(database), conversations, presence });
      const onboarding = createOnboarding({ database, clock, store: createOnboardingStore(database) });
      const replies = createCannedReplies({ database, clock, store: createCannedReplyStore(database) });
      const queries = createAnalyticsQueries(database);
      const segments = createSegmentQueries(database);
      await server.register(async (plain) => {
        const scope = plain as HttpServer;
        scope.setErrorHandler(supportErrorHandler);
        scope.addHook('onRoute', (route) => {
          route.bodyLimit = BODY_LIMIT_BYTES;
        });
        const hooks = createOperatorHooks(scope, accounts);
        operatorRoutes(scope, accounts, hooks);
        teamRoutes(scope, team, hooks, publicAddress);
        keyRoutes(scope, keys, hooks);
        settingsRoutes(scope, settings, hooks);
        usageRoutes(scope, { usage: createUsageStore(database), clock }, hooks);
        cannedReplyRoutes(scope, replies, hooks);
        inboxRoutes(scope, { inbox, conversations, messages }, hooks);
        onboardingRoutes(scope, { onboarding, keys, settings }, hooks, publicAddress);
        analyticsRoutes(scope, { queries, events, clock }, hooks);
        segmentRoutes(scope, { segments, clock }, hooks);
        setupRoutes(scope, setup, publicAddress);
        more?.(scope, hooks);
      });
    },
    close: () => directory.close(),
  };
}
