import { Type } from 'typebox';
import { AppError, errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import type { SignIn } from '../../../platform/identity/accounts/accounts.js';
import { SESSION_SECONDS } from '../../../platform/identity/session-tokens.js';
import type { Platform } from '../../../platform/platform.js';
import { Email, LoginBody, Password } from './schemas.js';

/** Sign-in for clients without Google's SDK: contract §2.4 and §2.6. The store's app signs in at Firebase by itself. */
export function signInRoutes(
  server: HttpServer,
  {
    accounts,
    callers,
    sessionTokens,
    clock,
    users,
  }: Pick<Platform, 'accounts' | 'callers' | 'sessionTokens' | 'clock' | 'users'>,
): void {
  const tags = ['companion'];
  const clientOf = (request: {
    readonly ip: string;
    readonly headers: { readonly 'user-agent'?: string | undefined };
  }) => ({
    address: request.ip,
    userAgent: request.headers['user-agent'],
  });
  const secondsLeft = (signIn: SignIn) =>
    Math.max(0, Math.floor((signIn.session.expiresAt - clock.now()) / 1_000));

  server.post(
    '/v1/auth/login',
    {
      schema: {
        tags,
        summary: 'A bearer token for a Firebase ID token, or for an e-mail address and a password',
        body: LoginBody,
      },
    },
    async (request) => {
      const { token, email, password } = request.body;
      if (token !== undefined) {
        const { userId, firebase } = await callers.verify({ authorization: `Bearer ${token}` });
        const ours = await sessionTokens.issue(userId, (await users.tokensValidFrom(userId)) ?? 0);
        return {
          ...bearer(ours, SESSION_SECONDS),
          user: { id: userId, email: firebase?.email ?? null, name: firebase?.name ?? null },
        };
      }
      if (!email || !password) {
        throw errors.badRequest('Send a Firebase ID token as "token", or "email" and "password".');
      }
      const signIn = await accounts.signIn({ email, password }, clientOf(request));
      const { id, name } = signIn.user;
      return { ...bearer(signIn.token, secondsLeft(signIn)), user: { id, email: signIn.user.email, name } };
    },
  );

  server.post(
    '/v1/signup',
    {
      schema: {
        tags,
        summary: 'Makes an account on this server',
        body: Type.Object({
          email: Email,
          password: Password,
          name: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
        }),
      },
    },
    async (request) => {
      const { email, password, name } = request.body;
      const signIn = await accounts
        .signUp({ email, password, name: name ?? undefined }, clientOf(request))
        .catch((error: unknown) => {
          // The original server knows one failure only.
          if (error instanceof AppError && error.statusCode === 422) {
            throw new AppError(error.code, 400, error.message, { cause: error });
          }
          throw error;
        });
      return { status: 'ok', message: 'The account was made.', uid: signIn.user.id };
    },
  );

  server.post(
    '/v1/signin',
    {
      schema: {
        tags,
        summary: 'Signs in with an e-mail address and a password',
        body: Type.Object({ email: Email, password: Password }),
      },
    },
    async (request) => {
      const signIn = await accounts.signIn(request.body, clientOf(request));
      return {
        status: 'ok',
        token: signIn.token,
        uid: signIn.user.id,
        name: signIn.user.name,
        auth_time: Math.floor(signIn.session.createdAt / 1_000),
        exp: Math.floor(signIn.session.expiresAt / 1_000),
      };
    },
  );
}

const bearer = (token: string, seconds: number) => ({
  token,
  access_token: token,
  token_type: 'Bearer',
  expires_in: seconds,
});
