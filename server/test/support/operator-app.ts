import { randomUUID } from 'node:crypto';
import type { RouteOptions } from 'fastify';
import { createOperatorSide, type OperatorSide } from '../../src/apps/support/operator-side.js';
import type { SignInAllowance } from '../../src/apps/support/operators/sign-in-limits.js';
import type { SupportEvent } from '../../src/apps/support/realtime/fan-out.js';
import type { OperatorRole } from '../../src/apps/support/tables.js';
import { webhookRoutes } from '../../src/apps/support/webhooks/routes.js';
import { createWebhookService } from '../../src/apps/support/webhooks/service.js';
import { createWebhookStore } from '../../src/apps/support/webhooks/store.js';
import type { Clock } from '../../src/platform/clock.js';
import type { Ground, Stack } from './servers.js';
import { type SupportApp, startSupportApp } from './support-app.js';

/** scrypt at its cheapest: the tests are about who gets in, not about how hard it is to guess. */
const CHEAP = { logN: 4, r: 1, p: 1 };
/** All suites sign in from one address, and those with Redis share its counters. */
const GENEROUS: SignInAllowance = {
  perAccountAndAddress: 10,
  perAccount: 100_000,
  perAddress: 100_000,
  signUpsPerHour: 100_000,
};
export const PASSWORD = 'correct horse battery';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
  readonly text: string;
}

export interface CallOptions {
  readonly body?: unknown;
  /** Whose access token goes along. */
  readonly as?: Member | string;
  readonly headers?: Record<string, string>;
}

/** The routes as the role matrix reads them. */
export interface ListedRoute {
  readonly method: string;
  readonly url: string;
  readonly permissions: readonly string[] | undefined;
}

/** A signed-in member of a team. */
export interface Member {
  readonly id: string;
  readonly appId: string;
  readonly email: string;
  readonly role: OperatorRole;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface OwnedApp {
  readonly appId: string;
  readonly apiKey: string;
  readonly owner: Member;
}

/** A node with the SDK's and the operators' rooms. Presence is what the test says it is. */
export interface OperatorApp extends SupportApp {
  readonly side: OperatorSide;
  routes(): readonly ListedRoute[];
  /** Device ids that count as online. */
  readonly online: Set<string>;
  /** Everything that sockets were told, in order. */
  readonly told: SupportEvent[];
  call<T = Record<string, unknown>>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  signUp(email?: string): Promise<OwnedApp>;
  /** Invites somebody and accepts for them. */
  join(owner: Member, role: OperatorRole, email?: string): Promise<Member>;
  /** A conversation that a device opened, with one message in it. */
  converse(
    app: { readonly appId: string; readonly apiKey: string },
    options?: { readonly userId?: string; readonly deviceId?: string; readonly body?: string },
  ): Promise<{ readonly conversationId: string; readonly deviceId: string; readonly messageId: string }>;
}

let counter = 0;
export const freshEmail = (): string => {
  counter += 1;
  return `person-${process.pid}-${counter}@example.com`;
};

export async function startOperatorApp(
  stack: Stack,
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly clock?: Clock;
    readonly ground?: Ground;
    readonly allowance?: Partial<SignInAllowance>;
  } = {},
): Promise<OperatorApp> {
  const listed: RouteOptions[] = [];
  const online = new Set<string>();
  const told: SupportEvent[] = [];
  const closing: (() => Promise<void>)[] = [];
  const sides: OperatorSide[] = [];

  const app = await startSupportApp(stack, {
    ...options,
    install: async (server, { platform, fanOut, core }) => {
      server.addHook('onRoute', (route) => {
        listed.push(route);
      });
      closing.push(await fanOut.listen((event) => told.push(event)));
      const side = await createOperatorSide(platform, fanOut, {
        passwordCost: CHEAP,
        signInAllowance: { ...GENEROUS, ...options.allowance },
      });
      sides.push(side);
      closing.push(() => side.close());
      const presence = {
        isOnline: async (_appId: string, deviceId: string) => online.has(deviceId),
        online: async (_appId: string, ids: readonly string[]) => new Set(ids.filter((id) => online.has(id))),
        countOnline: async () => online.size,
        sessions: async () => [],
      };
      const { conversations, messages, events } = core;
      const webhooks = createWebhookService({ platform, store: createWebhookStore(platform.database) });
      await side.routes(server, { conversations, messages, presence, events }, (scope, hooks) =>
        webhookRoutes(scope, webhooks, hooks),
      );
    },
  });
  const [side] = sides;
  if (!side) throw new Error('The operators were not installed.');

  const call: OperatorApp['call'] = async <T>(
    method: string,
    path: string,
    { body, as, headers }: CallOptions = {},
  ): Promise<Answer<T>> => {
    const token = typeof as === 'string' ? as : as?.accessToken;
    const response = await fetch(app.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const { status } = response;
    return { status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as T };
  };

  const join: OperatorApp['join'] = async (owner, role, email = freshEmail()) => {
    const invited = await call<{ token: string }>('POST', '/admin/settings/team/invite', {
      as: owner,
      body: { email, role },
    });
    const accepted = await call<SessionBody>('POST', '/admin/auth/accept-invite', {
      body: { token: invited.body.token, email, password: PASSWORD },
    });
    return memberOf(accepted.body);
  };

  return {
    ...app,
    side,
    online,
    told,
    call,
    join,
    routes: () =>
      listed.flatMap(({ method, url, config }) =>
        [method].flat().map((name) => ({ method: name, url, permissions: config?.operatorPermissions })),
      ),
    signUp: async (email = freshEmail()) => {
      const { body } = await call<SessionBody & { app: { id: string; api_key: string } }>(
        'POST',
        '/admin/auth/signup',
        { body: { email, password: PASSWORD, appName: 'Test app' } },
      );
      return { appId: body.app.id, apiKey: body.app.api_key, owner: memberOf(body) };
    },
    converse: async (to, { userId, deviceId = randomUUID(), body = 'Hello' } = {}) => {
      const headers = {
        'x-app-id': to.appId,
        'x-api-key': to.apiKey,
        'x-device-id': deviceId,
      };
      const opened = await call<{ conversation: { id: string } }>('POST', '/v1/conversations', {
        headers,
        body: userId ? { user: { id: userId, name: `Name of ${userId}` } } : {},
      });
      const conversationId = opened.body.conversation.id;
      const sent = await call<{ message: { id: string } }>(
        'POST',
        `/v1/conversations/${conversationId}/messages`,
        { headers, body: { local_id: randomUUID(), body } },
      );
      return { conversationId, deviceId, messageId: sent.body.message.id };
    },
    stop: async () => {
      for (const close of closing) await close();
      await app.stop();
    },
  };
}

interface SessionBody {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly role: OperatorRole;
    readonly app_id: string;
  };
}

export const memberOf = ({ user, access_token, refresh_token }: SessionBody): Member => ({
  id: user.id,
  appId: user.app_id,
  email: user.email,
  role: user.role,
  accessToken: access_token,
  refreshToken: refresh_token,
});
