import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { errors } from '../../platform/http/errors.js';
import type { HttpServer } from '../../platform/http/server.js';
import { type Caller, callerOf } from '../../platform/identity/caller.js';
import { requireCaller } from '../../platform/identity/require-caller.js';
import type { Platform } from '../../platform/platform.js';
import type { ServedApp } from '../index.js';
import { isLinked, presentIdentity, presentKey } from './presenter.js';
import {
  AccountAnswer,
  IdentitiesAnswer,
  IdentityParams,
  KeysAnswer,
  LinkBody,
  UsageAnswer,
  UsageQuery,
} from './schemas.js';
import { usageOf } from './usage.js';

const tags = ['console'];
/** What may be linked to an account: whatever else verifies is an account itself, or belongs to one. */
const LINKABLE: readonly Caller['via'][] = ['session-token', 'firebase'];

/** `/api/account`: one account over all apps. */
export function accountRoutes(server: HttpServer, platform: Platform, apps: readonly ServedApp[]): void {
  const { accounts, apiKeys, callers, clock, identityLinks, serverOperators } = platform;
  const authenticated = { onRequest: requireCaller(platform) };
  const withAccount = { onRequest: [authenticated.onRequest, requireAccount] };

  const identitiesOf = async (userId: string) => ({
    identities: (await identityLinks.list(userId)).map(presentIdentity),
  });

  server.get(
    '/api/account',
    { ...authenticated, schema: { tags, summary: 'Who is signed in', response: { 200: AccountAnswer } } },
    async (request) => {
      const { userId, via } = callerOf(request);
      const profile = await accounts.profile(userId);
      return {
        id: userId,
        email: profile?.email ?? null,
        name: profile?.name ?? null,
        is_operator: via === 'account-session' && (await serverOperators.has(userId)),
        server_has_operator: await serverOperators.any(),
      };
    },
  );

  server.get(
    '/api/account/usage',
    {
      ...authenticated,
      schema: {
        tags,
        summary: 'What the user has used of each app, by day',
        querystring: UsageQuery,
        response: { 200: UsageAnswer },
      },
    },
    (request) => usageOf(apps, callerOf(request).userId, request.query.days, clock.now()),
  );

  server.get(
    '/api/account/keys',
    {
      ...authenticated,
      schema: { tags, summary: 'The user’s keys of all apps, newest first', response: { 200: KeysAnswer } },
    },
    async (request) => ({ keys: (await apiKeys.list(callerOf(request).userId)).map(presentKey) }),
  );

  server.get(
    '/api/account/identities',
    {
      ...authenticated,
      schema: { tags, summary: 'The ways into the account', response: { 200: IdentitiesAnswer } },
    },
    (request) => identitiesOf(callerOf(request).userId),
  );

  server.post(
    '/api/account/identities',
    {
      ...withAccount,
      schema: {
        tags,
        summary: 'Link another identity to the account',
        description:
          'Everything that it owns in any app becomes the account’s. 409 when it opens another e-mail account; then nothing is changed.',
        body: LinkBody,
        response: { 200: IdentitiesAnswer },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const other = await callers.verify({ authorization: `Bearer ${request.body.token}` }).catch(asField);
      if (!LINKABLE.includes(other.via))
        throw errors.validation('Only a speech key or a Firebase sign-in can be linked.', { field: 'token' });
      await identityLinks.join(other.userId, userId);
      return identitiesOf(userId);
    },
  );

  server.delete(
    '/api/account/identities/:id',
    {
      ...withAccount,
      schema: {
        tags,
        summary: 'Take a linked identity off the account',
        params: IdentityParams,
        response: { 204: Type.Null({ description: 'Done.' }) },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const link = (await identityLinks.list(userId)).find(({ id }) => id === request.params.id);
      if (link && !isLinked(link.issuer))
        throw errors.conflict('This sign-in is the account itself and cannot be taken off.');
      await identityLinks.unlink(userId, request.params.id);
      return reply.code(204).send(null);
    },
  );
}

/** Only an e-mail account is what others are linked to. */
async function requireAccount(request: FastifyRequest): Promise<void> {
  if (callerOf(request).via !== 'account-session')
    throw errors.forbidden('Sign in with your e-mail address to change how you sign in.');
}

/** The caller is known: what does not verify is a field of theirs. */
function asField(error: unknown): never {
  if (error instanceof Error && 'statusCode' in error && error.statusCode === 401)
    throw errors.validation('This token is not valid, or it has expired.', { field: 'token', cause: error });
  throw error;
}
