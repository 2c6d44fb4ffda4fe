import type { RouteOptions } from 'fastify';
import { chosenApps } from './apps/catalogue.js';
import { MAX_TEXT_CHARACTERS } from './apps/speech/files/schemas.js';
import { type Config, listOf, retentionMs } from './config.js';
import { allMigrations, connectPlatform } from './connect.js';
import { installConsole, type ServedApp } from './console/index.js';
import { speechVoices } from './platform/ai/speech-synthesizer.js';
import { serveApiDocs } from './platform/http/api-docs.js';
import { healthRoutes } from './platform/http/health.js';
import { servePages } from './platform/http/pages.js';
import { createHttpServer, type HttpServer } from './platform/http/server.js';
import {
  isLoopback,
  reachableAddresses,
  type ServerInfoAnswer,
  serverInfoRoute,
} from './platform/http/server-info.js';
import { sharedHealthRoute } from './platform/http/shared-health.js';
import { installAccounts } from './platform/identity/accounts/routes.js';
import type { App, InstalledApp, Platform } from './platform/platform.js';
import { metricsRoute } from './platform/telemetry/metrics-route.js';
import { observe } from './platform/telemetry/observe.js';
import { version } from './version.js';

/** A server with all its parts connected, not listening yet. */
export interface BuiltServer {
  readonly http: HttpServer;
  readonly platform: Platform;
  /** Begins to run background jobs. */
  start(): Promise<void>;
  /** Stops accepting, finishes or hands back jobs, and lets go of everything, within about ten seconds. */
  close(): Promise<void>;
}

/** How long running jobs may go on once the server is asked to stop; the rest of the 10 s is for closing. */
const JOB_GRACE_MS = 6_000;

/** What tests bring along. */
export interface Overrides extends Partial<Pick<Platform, 'clock' | 'log' | 'media'>> {
  /** Told of every route. */
  readonly onRoute?: (route: RouteOptions) => void;
}

/** Builds the server: the platform, its routes, and the chosen apps on it. */
export async function buildServer(
  config: Config,
  { onRoute, ...parts }: Overrides = {},
): Promise<BuiltServer> {
  const chosen = chosenApps(config);
  const { platform, close: disconnect } = await connectPlatform(config, allMigrations(chosen), parts);
  const { clock, database, events, jobs, log, media, metrics } = platform;
  const http = await createHttpServer({
    log,
    metrics,
    allowedOrigins: config.NODE_ENV === 'production' ? listOf(config.ALLOWED_ORIGINS) : 'any',
    trustProxy: config.TRUST_PROXY === 'true' ? true : listOf(config.TRUST_PROXY),
    tls:
      config.TLS_CERT_FILE && config.TLS_KEY_FILE
        ? { certFile: config.TLS_CERT_FILE, keyFile: config.TLS_KEY_FILE }
        : undefined,
  });
  if (onRoute) http.addHook('onRoute', onRoute);
  http.decorateRequest('caller', null);
  const stopObserving = await observe(http, platform, version);
  await serveApiDocs(http, version);
  const installed: (InstalledApp & ServedApp)[] = [];
  const openSockets = () => installed.reduce((sum, app) => sum + (app.openSockets?.() ?? 0), 0);
  healthRoutes(http, { version, clock, database, media, events, openSockets });
  metricsRoute(http, platform);
  serverInfoRoute(http, () => describeServer(config, platform, chosen, http));
  await installAccounts(platform, http);
  for (const app of chosen) {
    await http.register(async (scope) => {
      const { name, title } = app;
      installed.push({ name, title, ...(await app.install(platform, scope as HttpServer)) });
    });
  }
  installConsole(platform, http, installed);
  sharedHealthRoute(
    http,
    installed.flatMap(({ apiHealth }) => (apiHealth ? [apiHealth] : [])),
  );
  const pages = [
    '/',
    ...chosen.flatMap((app) => [...(app.page ? [app.page] : []), ...(app.morePages ?? [])]),
  ];
  if (!(await servePages(http, pages))) log.warn('the pages are not built; run `npm run build`');
  await http.ready();

  return {
    http,
    platform,
    start: async () => {
      for (const app of installed) await app.recover?.();
      await jobs.start();
    },
    close: async () => {
      await Promise.all([http.close(), jobs.stop(JOB_GRACE_MS)]);
      await stopObserving();
      await disconnect();
    },
  };
}

function describeServer(
  config: Config,
  { speech, transcriber, text, images }: Platform,
  chosen: readonly App[],
  http: HttpServer,
): ServerInfoAnswer {
  const address = http.server.address();
  const port = address && typeof address === 'object' ? address.port : config.PORT;
  const secure = config.TLS_CERT_FILE !== undefined;
  return {
    name: 'Earshot',
    version,
    nodes: config.REDIS_URL ? 'many' : 'one',
    apps: chosen.map(({ name, title, summary, page }) => ({ name, title, summary, path: page })),
    engines: {
      speech: {
        engine: speech.synthesizer.engine,
        formats: [...speech.synthesizer.formats],
        voices: [...speechVoices],
        models: ['tts-1', 'tts-1-hd', 'gpt-4o-mini-tts'],
        maxCharacters: MAX_TEXT_CHARACTERS,
      },
      transcription: { engine: transcriber.engine, hears: transcriber.hears },
      text: { engine: text.engine, model: text.model },
      image: { engine: images.engine, model: images.model },
    },
    addresses: reachableAddresses(config.HOST, port, secure),
    listensOnLoopbackOnly: isLoopback(config.HOST),
    secure,
    retentionHours: retentionMs(config) / 3_600_000,
  };
}
