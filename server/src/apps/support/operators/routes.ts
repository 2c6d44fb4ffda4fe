import type { HttpServer } from '../../../platform/http/server.js';
import { operatorOf } from '../callers.js';
import { bodyMayBeMissing } from '../route-body.js';
import type { OperatorRouteHooks } from './operator-hooks.js';
import { permissionsOf } from './permissions.js';
import { presentSession, presentTokens, presentUser } from './presenter.js';
import {
  MessageAnswer,
  PasswordBody,
  ProfileAnswer,
  RefreshBody,
  SessionAnswer,
  SignInBody,
  SignUpAnswer,
  SignUpBody,
  TokensAnswer,
} from './schemas.js';
import type { Accounts } from './service.js';

const tags = ['support: operators'];

/** Signing in and out (contract §10.1). */
export function operatorRoutes(server: HttpServer, accounts: Accounts, hooks: OperatorRouteHooks): void {
  server.post(
    '/admin/auth/signup',
    {
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Make an app and its owner',
        body: SignUpBody,
        response: { 200: SignUpAnswer },
      },
    },
    async (request) => {
      const session = await accounts.signUp(request.body, request.ip);
      const { id, name, apiKey } = session.app;
      return { ...presentSession(session), app: { id, name, api_key: apiKey } };
    },
  );

  server.post(
    '/admin/auth/login',
    {
      preValidation: bodyMayBeMissing,
      schema: { tags, summary: 'Sign in', body: SignInBody, response: { 200: SessionAnswer } },
    },
    async (request) => presentSession(await accounts.signIn(request.body, request.ip)),
  );

  server.post(
    '/admin/auth/refresh',
    {
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'A new access token',
        description:
          'Keep `refresh_token` from the answer: the one that was sent ends once the new one is used.',
        body: RefreshBody,
        response: { 200: TokensAnswer },
      },
    },
    async (request) => presentTokens(await accounts.refresh(request.body.refresh_token, request.ip)),
  );

  server.post(
    '/admin/auth/logout',
    {
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'End a sign-in',
        body: RefreshBody,
        response: { 200: MessageAnswer },
      },
    },
    async (request) => {
      await accounts.signOut(request.body.refresh_token);
      return { message: 'Logged out successfully' };
    },
  );

  server.get(
    '/admin/auth/me',
    {
      ...hooks.operator(),
      schema: { tags, summary: 'Who is signed in', response: { 200: ProfileAnswer } },
    },
    async (request) => {
      const { operator, appName } = await accounts.profile(operatorOf(request));
      return {
        user: presentUser(operator),
        app: { id: operator.app_id, name: appName },
        permissions: [...permissionsOf[operator.role]],
      };
    },
  );

  server.post(
    '/admin/auth/password',
    {
      ...hooks.operator(),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Change the password',
        description: 'Ends every other sign-in of this account.',
        body: PasswordBody,
        response: { 200: SessionAnswer },
      },
    },
    async (request) => {
      const { current_password: current, new_password: next } = request.body;
      return presentSession(
        await accounts.changePassword(operatorOf(request), { current, next }, request.ip),
      );
    },
  );
}
