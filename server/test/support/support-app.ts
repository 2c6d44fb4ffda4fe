import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { type Core, createCore } from '../../src/apps/support/core.js';
import { newApiKey } from '../../src/apps/support/keys/api-key.js';
import { supportMigrations } from '../../src/apps/support/migrations.js';
import { supportErrorHandler } from '../../src/apps/support/present-error.js';
import { type FanOut, fanOutOver } from '../../src/apps/support/realtime/fan-out.js';
import { sdkRoutes } from '../../src/apps/support/sdk-routes.js';
import type { ConversationEffect, MessageEffect } from '../../src/apps/support/services.js';
import type { SupportTables } from '../../src/apps/support/tables.js';
import { loadConfig } from '../../src/config.js';
import { allMigrations, connectPlatform } from '../../src/connect.js';
import type { Clock } from '../../src/platform/clock.js';
import { withTables } from '../../src/platform/database/database.js';
import { createHttpServer, type HttpServer } from '../../src/platform/http/server.js';
import { uuidV7 } from '../../src/platform/ids.js';
import type { Platform } from '../../src/platform/platform.js';
import { createLog } from '../../src/platform/telemetry/log.js';
import { type Ground, layGround, type Stack } from './servers.js';

/** What the rooms under test are built over. */
export interface SupportParts {
  readonly platform: Platform;
  readonly fanOut: FanOut;
  /** Keys, devices, conversations and messages; their REST routes are there already. */
  readonly core: Core;
}

export interface MadeApp {
  readonly appId: string;
  readonly apiKey: string;
  readonly keyId: string;
}

/** A small server with the support app's ground, and the rooms that the test brings along. */
export interface SupportApp extends SupportParts {
  readonly ground: Ground;
  readonly http: HttpServer;
  /** Without a slash at the end. */
  readonly url: string;
  /** Every line that was logged, at every level. */
  readonly logged: readonly string[];
  /** An app with one key, written straight into the tables. */
  createApp(name?: string): Promise<MadeApp>;
  /** One more key for an app. */
  addKey(appId: string, more?: { readonly expiresAt?: number }): Promise<{ apiKey: string; keyId: string }>;
  /** The headers of an SDK installation. */
  headersOf(app: MadeApp, deviceId?: string): Record<string, string>;
  /** Stops the server and its connections; the ground stays when it was brought along. */
  stop(): Promise<void>;
}

export interface SupportAppOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** A ground to share, for example with a second node; else one is laid and removed again. */
  readonly ground?: Ground;
  /** What is enqueued with messages and conversations. */
  readonly effects?: (platform: Platform) => {
    readonly messages?: readonly MessageEffect[];
    readonly conversations?: readonly ConversationEffect[];
  };
  /** Origins that browsers may call from; any unless told otherwise. */
  readonly allowedOrigins?: readonly string[];
  /** Adds rooms. `server` is a scope that answers errors in the contract's shape. Jobs are started after it. */
  readonly install?: (server: HttpServer, parts: SupportParts) => Promise<void> | void;
}

/** Starts a node with the ground of the support app and listens on a free port of the loopback address. */
export async function startSupportApp(stack: Stack, options: SupportAppOptions = {}): Promise<SupportApp> {
  const ground = options.ground ?? (await layGround(stack));
  const config = loadConfig({ ...ground.environment, ...options.environment });
  const logged: string[] = [];
  const log = createLog(
    'trace',
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        logged.push(chunk.toString());
        done();
      },
    }),
  );
  const { platform, close } = await connectPlatform(
    config,
    allMigrations([{ migrations: supportMigrations }]),
    { log, ...(options.clock ? { clock: options.clock } : {}) },
  );
  const { database, clock, metrics } = platform;
  const fanOut = fanOutOver(platform.events);
  const http = await createHttpServer({
    log,
    metrics,
    allowedOrigins: options.allowedOrigins ?? 'any',
    trustProxy: [],
  });
  http.decorateRequest('caller', null);
  const core = await createCore(platform, fanOut, options.effects?.(platform));
  await http.register(async (scope) => {
    scope.setErrorHandler(supportErrorHandler);
    await sdkRoutes(scope as HttpServer, core);
    await options.install?.(scope as HttpServer, { platform, fanOut, core });
  });
  await http.ready();
  await platform.jobs.start();
  const url = await http.listen({ host: '127.0.0.1', port: 0 });

  const addKey: SupportApp['addKey'] = async (appId, { expiresAt } = {}) => {
    const { apiKey, prefix, hash } = newApiKey();
    const keyId = uuidV7();
    await database.transaction((tx) =>
      withTables<SupportTables>(tx)
        .insertInto('support_api_keys')
        .values({
          id: keyId,
          app_id: appId,
          name: 'test key',
          prefix,
          key_hash: hash,
          created_at: clock.now(),
          expires_at: expiresAt ?? null,
          last_used_at: null,
          revoked_at: null,
        })
        .execute(),
    );
    return { apiKey, keyId };
  };

  return {
    platform,
    fanOut,
    core,
    ground,
    http,
    url,
    logged,
    addKey,
    createApp: async (name = 'Test app') => {
      const appId = randomUUID();
      const now = clock.now();
      await database.transaction((tx) =>
        withTables<SupportTables>(tx)
          .insertInto('support_apps')
          .values({ id: appId, name, settings: '{}', created_at: now, updated_at: now })
          .execute(),
      );
      return { appId, ...(await addKey(appId)) };
    },
    headersOf: ({ appId, apiKey }, deviceId = randomUUID()) => ({
      'x-app-id': appId,
      'x-device-id': deviceId,
      'x-api-key': apiKey,
      'x-sdk-version': '1.0.0',
    }),
    stop: async () => {
      await Promise.all([http.close(), platform.jobs.stop(1_000)]);
      await core.close();
      await close();
      if (!options.ground) await ground.remove();
    },
  };
}
