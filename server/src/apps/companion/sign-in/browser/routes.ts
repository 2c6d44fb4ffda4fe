import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { listOf } from '../../../../config.js';
import { errors } from '../../../../platform/http/errors.js';
import type { HttpServer } from '../../../../platform/http/server.js';
import type { Platform } from '../../../../platform/platform.js';
import { createSignInAttempts } from './attempts.js';
import { createSignInCodes } from './codes.js';
import { createProviders, type ProviderName } from './providers.js';

/** Where the desktop app takes the browser's answer. */
const APP_CALLBACK = 'omi://auth/callback';
/** What the provider's tokens are good for at least, in seconds (contract §2.3). */
const TOKEN_SECONDS = 3_600;

const text = Type.Optional(Type.String({ maxLength: 4_096 }));
const CallbackFields = Type.Object({ code: text, state: text, error: text });

/** Sign-in of desktop apps by a browser: contract §2.3. */
export async function browserSignInRoutes(
  server: HttpServer,
  platform: Pick<Platform, 'clock' | 'config' | 'database' | 'log' | 'secrets'>,
): Promise<void> {
  const { clock, config, log } = platform;
  const providers = createProviders(config, clock);
  const attempts = createSignInAttempts(platform);
  const codes = createSignInCodes(platform);
  const redirectUris = [APP_CALLBACK, ...listOf(config.AUTH_REDIRECT_URIS)];
  const configured = config.PUBLIC_URL?.replace(/\/+$/, '');
  const callbackOf = (request: FastifyRequest, provider: ProviderName): string =>
    `${configured ?? `${request.protocol}://${request.host}`}/v1/auth/callback/${provider}`;
  const tags = ['companion'];

  const comeBack = async (
    name: ProviderName,
    fields: { readonly code?: string; readonly state?: string; readonly error?: string },
    request: FastifyRequest,
    reply: FastifyReply,
  ) => {
    const attempt = attempts.resume(name, fields.state ?? '');
    const provider = providers.get(name);
    if (!attempt || !provider) {
      throw errors.badRequest('This sign-in is over or was not begun here. Start again in the app.');
    }
    const back = (answer: Readonly<Record<string, string>>) => {
      const address = new URL(attempt.redirectUri);
      for (const [field, value] of Object.entries({ ...answer, state: attempt.state })) {
        address.searchParams.set(field, value);
      }
      return reply.header('cache-control', 'no-store').redirect(address.href, 302);
    };
    if (!fields.code) return back({ error: fields.error ?? 'access_denied' });
    try {
      const tokens = await provider.exchange(fields.code, callbackOf(request, name));
      const { redirectUri } = attempt;
      return back({ code: await codes.issue({ provider: name, redirectUri, ...tokens }) });
    } catch (error) {
      // The app waits for an answer, so it hears of the failure, too.
      log.warn({ err: error, provider: name }, 'a sign-in by browser failed');
      return back({ error: 'server_error' });
    }
  };

  await server.register(async (scope) => {
    scope.addContentTypeParser<string>(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body))),
    );
    const routes = scope as HttpServer;

    routes.get(
      '/v1/auth/authorize',
      {
        schema: {
          tags,
          summary: 'Sends a browser to Google or Apple',
          querystring: Type.Object({ provider: text, redirect_uri: text, state: text }),
        },
      },
      async (request, reply) => {
        const { provider: name, redirect_uri: redirectUri, state } = request.query;
        const known = (['google', 'apple'] as const).find((one) => one === name);
        const provider = known && providers.get(known);
        if (!known || !provider) throw errors.badRequest('This server does not sign in with this provider.');
        if (!redirectUri || !redirectUris.includes(redirectUri)) {
          throw errors.badRequest('redirect_uri is none that this server may return to.');
        }
        if (!state) throw errors.badRequest('state must not be empty');
        const attempt = attempts.begin({ provider: known, redirectUri, state });
        return reply
          .header('cache-control', 'no-store')
          .redirect(provider.authorizeUrl(attempt, callbackOf(request, known)), 302);
      },
    );

    routes.get(
      '/v1/auth/callback/google',
      { schema: { tags, summary: 'Google sends the browser back', querystring: CallbackFields } },
      (request, reply) => comeBack('google', request.query, request, reply),
    );

    routes.post(
      '/v1/auth/callback/apple',
      { schema: { tags, summary: 'Apple sends the browser back', body: CallbackFields } },
      (request, reply) => comeBack('apple', request.body, request, reply),
    );

    routes.post(
      '/v1/auth/token',
      {
        schema: {
          tags,
          summary: 'The provider’s tokens for a one-time code',
          body: Type.Object({ grant_type: text, code: text, redirect_uri: text }),
        },
      },
      async (request, reply) => {
        const { grant_type, code, redirect_uri } = request.body;
        if (grant_type !== 'authorization_code') throw errors.badRequest('grant_type is not supported');
        const signIn = await codes.redeem(code ?? '');
        if (!signIn || signIn.redirectUri !== redirect_uri) {
          throw errors.badRequest('The code is not valid, is over or was used before.');
        }
        reply.header('cache-control', 'no-store');
        return {
          provider: signIn.provider,
          id_token: signIn.idToken,
          access_token: signIn.accessToken,
          provider_id: providers.get(signIn.provider)?.id ?? signIn.provider,
          token_type: 'Bearer',
          expires_in: TOKEN_SECONDS,
        };
      },
    );
  });
}
