import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { sendError } from '../../http/error-body.js';
import { acceptJsonAs, type HttpServer } from '../../http/server.js';
import type { Platform } from '../../platform.js';
import { callerOf } from '../caller.js';
import { requireCaller } from '../require-caller.js';
import type { Client, SignIn } from './accounts.js';
import { accountErrors } from './errors.js';
import { presentCurrent, presentError, presentSession, presentSignIn } from './presenter.js';
import {
  ChangePasswordBody,
  CurrentAnswer,
  RevokeSessionBody,
  SessionsAnswer,
  ShortSignUpBody,
  SignInAnswer,
  SignInBody,
  SignUpBody,
  SocialSignInBody,
  StatusAnswer,
  SuccessAnswer,
  UpdateUserBody,
} from './schemas.js';

const SWEEP_EVERY_MS = 3_600_000;

/** `/api/auth/*`: accounts for every app, whichever apps are served. Wire contract: stories §2. */
export async function installAccounts(platform: Platform, server: HttpServer): Promise<void> {
  platform.jobs.define<null>({
    name: 'identity.expired-sessions',
    concurrency: 1,
    maxAttempts: 1,
    backoffMs: () => SWEEP_EVERY_MS,
    everyMs: SWEEP_EVERY_MS,
    run: async () => {
      await platform.accountSessions.sweep();
    },
  });
  await server.register(
    async (scope) => {
      accountRoutes(platform, scope as HttpServer);
    },
    { prefix: '/api/auth' },
  );
}

function accountRoutes(platform: Platform, server: HttpServer): void {
  const { accounts, sessionCredentials, trustedOrigins } = platform;

  // Clients name no content type, or a wrong one: what they send is JSON all the same.
  acceptJsonAs(server, '*');
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply, presentError));
  server.addHook('onRequest', (request, _reply, done) => {
    done(isForeign(request) ? accountErrors.invalidOrigin() : undefined);
  });

  const isForeign = ({ method, headers }: FastifyRequest): boolean => {
    if (method === 'GET' || method === 'HEAD') return false;
    const isForm = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] === 'navigate';
    return isForm || (headers.cookie !== undefined && !trustedOrigins.trusts(headers));
  };

  const tokenOf = (request: FastifyRequest): string | null => sessionCredentials.fromHeaders(request.headers);
  const neededToken = (request: FastifyRequest): string => {
    const token = tokenOf(request);
    if (!token) throw accountErrors.unauthorized();
    return token;
  };

  const answer = (reply: FastifyReply, signIn: SignIn) => {
    reply
      .header('set-cookie', [...signIn.setCookies])
      .header('set-auth-token', signIn.signedToken)
      .header('cache-control', 'no-store');
    return presentSignIn(signIn);
  };

  const describe = <Body extends TSchema | undefined, Answer extends TSchema>(
    summary: string,
    response: Answer,
    body?: Body,
  ) => ({
    schema: { tags: ['accounts'], summary, response: { 200: response }, ...(body ? { body } : {}) } as {
      tags: string[];
      summary: string;
      response: { 200: Answer };
      body: Body extends TSchema ? Body : never;
    },
    schemaErrorFormatter: validationError,
  });

  server.post(
    '/sign-up/email',
    describe('Make an account', SignInAnswer, SignUpBody),
    async (request, reply) => answer(reply, await accounts.signUp(request.body, clientOf(request))),
  );
  server.post(
    '/sign-up',
    describe('Make an account (short address)', SignInAnswer, ShortSignUpBody),
    async (request, reply) => {
      const { email, password, name } = request.body;
      return answer(
        reply,
        await accounts.signUp({ email, password, name: name ?? undefined }, clientOf(request)),
      );
    },
  );
  for (const path of ['/sign-in/email', '/sign-in']) {
    server.post(path, describe('Sign in', SignInAnswer, SignInBody), async (request, reply) =>
      answer(reply, await accounts.signIn(request.body, clientOf(request))),
    );
  }
  server.post(
    '/sign-in/social',
    describe("Sign in by Apple's identity token", SignInAnswer, SocialSignInBody),
    async (request, reply) => {
      const { provider, idToken } = request.body;
      if (provider !== 'apple' || !platform.config.APPLE_BUNDLE_ID) throw accountErrors.providerNotFound();
      if (!idToken) throw accountErrors.validation('idToken', 'is required');
      const { token, nonce, name, user } = idToken;
      const form = { token, nonce: nonce ?? undefined, name: fullName(name) ?? fullName(nameOf(user)) };
      return answer(reply, await accounts.signInWithApple(form, clientOf(request)));
    },
  );

  server.get(
    '/get-session',
    describe('The current session, or null', CurrentAnswer),
    async (request, reply) => {
      const token = tokenOf(request);
      const current = token && (await accounts.session(token, { withCookies: hasCookies(request) }));
      reply.header('cache-control', 'no-store');
      if (!current) return sendNull(reply);
      reply.header('set-cookie', [...current.setCookies]);
      return presentCurrent(current);
    },
  );
  server.get('/session', describe('The current session', SignInAnswer), async (request, reply) => {
    const current = await accounts.session(neededToken(request), { withCookies: hasCookies(request) });
    if (!current) throw accountErrors.unauthorized();
    return answer(reply, current);
  });
  server.post('/session/refresh', describe('Thirty more days', SignInAnswer), async (request, reply) =>
    answer(reply, await accounts.refresh(neededToken(request))),
  );
  server.post('/sign-out', describe('End the session', SuccessAnswer), async (request, reply) => {
    reply.header('set-cookie', [...(await accounts.signOut(tokenOf(request)))]);
    return { success: true };
  });

  server.post(
    '/change-password',
    {
      // Whose password it is comes before what it is to be.
      onRequest: async (request) => void neededToken(request),
      ...describe('Change the password', SignInAnswer, ChangePasswordBody),
    },
    async (request, reply) => {
      const { revokeOtherSessions, ...passwords } = request.body;
      const form = { ...passwords, revokeOtherSessions: revokeOtherSessions ?? false };
      return answer(reply, await accounts.changePassword(neededToken(request), form, clientOf(request)));
    },
  );

  const signedIn = { onRequest: requireCaller(platform, { refusal: withOurCode }) };
  server.post(
    '/update-user',
    { ...signedIn, ...describe('Change name or picture', StatusAnswer, UpdateUserBody) },
    async (request) => {
      const { name, image } = request.body;
      const profile = await accounts.updateProfile(callerOf(request).userId, {
        name: name ?? undefined,
        image,
      });
      if (!profile) throw accountErrors.noAccount();
      return { status: true };
    },
  );
  server.get(
    '/list-sessions',
    { ...signedIn, ...describe('Where the user is signed in', SessionsAnswer) },
    async (request) => {
      const { userId, sessionId } = callerOf(request);
      const sessions = await accounts.listSessions(userId);
      return sessions.map((session) => ({ ...presentSession(session), current: session.id === sessionId }));
    },
  );
  server.post(
    '/revoke-session',
    { ...signedIn, ...describe('End one of the sessions', StatusAnswer, RevokeSessionBody) },
    async (request) => {
      const { id, token } = request.body;
      const sessionId = id ?? (token && (await platform.accountSessions.find(token))?.id);
      if (!sessionId) throw accountErrors.validation('id', 'names no session');
      return { status: await accounts.revokeSession(callerOf(request).userId, sessionId) };
    },
  );
  server.post(
    '/revoke-sessions',
    { ...signedIn, ...describe('End all sessions', StatusAnswer) },
    async (request) => {
      await accounts.revokeSessions(callerOf(request).userId);
      return { status: true };
    },
  );
  server.post(
    '/revoke-other-sessions',
    { ...signedIn, ...describe('End all sessions but this one', StatusAnswer) },
    async (request) => {
      const { userId, sessionId } = callerOf(request);
      await accounts.revokeSessions(userId, sessionId);
      return { status: true };
    },
  );
}

/** Fastify sends nothing at all for null, and clients parse what they get. */
const sendNull = (reply: FastifyReply) => reply.type('application/json').serializer(String).send('null');

const hasCookies = (request: FastifyRequest): boolean => request.headers.cookie !== undefined;

const clientOf = (request: FastifyRequest): Client => ({
  address: request.ip,
  userAgent: request.headers['user-agent'],
});

/** All 401 of these routes say the same. */
const withOurCode = (error: Error & { statusCode: number }): Error =>
  error.statusCode === 401 ? accountErrors.unauthorized() : error;

interface SchemaProblem {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

function validationError([problem]: readonly SchemaProblem[]): Error {
  const missing = problem?.params.missingProperty;
  const path = [problem?.instancePath.slice(1).replaceAll('/', '.'), missing].filter(Boolean).join('.');
  return accountErrors.validation(path, missing ? 'is required' : (problem?.message ?? 'is not valid'));
}

/** Apple gives the name in parts, and only the first time; clients pass it on in whichever form they have. */
function fullName(name: unknown): string | undefined {
  if (typeof name === 'string') return name.trim().slice(0, 200) || undefined;
  if (!name || typeof name !== 'object') return undefined;
  const { firstName, lastName, givenName, familyName } = name as Record<string, unknown>;
  const parts = [firstName ?? givenName, lastName ?? familyName].filter((part) => typeof part === 'string');
  return parts.join(' ').trim().slice(0, 200) || undefined;
}

const nameOf = (user: unknown): unknown =>
  user && typeof user === 'object' && 'name' in user ? user.name : undefined;
