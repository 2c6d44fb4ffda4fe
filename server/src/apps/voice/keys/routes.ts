import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { ApiKey, ApiKeys } from '../../../platform/identity/api-keys.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { requireCaller } from '../../../platform/identity/require-caller.js';
import type { Platform } from '../../../platform/platform.js';
import { VOICE_KEY_KIND, VOICE_KEY_PREFIX } from '../callers.js';

const tags = ['voice: keys'];
/** More than anybody needs, and few enough to list. */
const MOST_KEYS = 50;

const Instant = Type.String({ format: 'date-time' });
const members = {
  id: Type.String(),
  name: Type.String(),
  prefix: Type.String({ description: 'By which its owner recognises it.' }),
  created_at: Instant,
  last_used_at: Type.Union([Instant, Type.Null()]),
};

const present = ({ id, name, prefix, createdAt, lastUsedAt }: ApiKey) => ({
  id,
  name,
  prefix,
  created_at: isoInstant(createdAt),
  last_used_at: lastUsedAt === null ? null : isoInstant(lastUsedAt),
});

/** Keys of this server that an account makes for its own programs. Belongs in the scope under `/api`. */
export function keyRoutes(server: HttpServer, platform: Platform): void {
  const { apiKeys } = platform;
  const authenticated = { onRequest: requireCaller(platform) };

  server.get(
    '/voice/keys',
    {
      ...authenticated,
      schema: {
        tags,
        summary: 'The account’s keys, newest first',
        response: { 200: Type.Object({ keys: Type.Array(Type.Object(members)) }) },
      },
    },
    async (request) => ({
      keys: (await apiKeys.list(callerOf(request).userId, VOICE_KEY_KIND)).map(present),
    }),
  );

  server.post(
    '/voice/keys',
    {
      ...authenticated,
      schema: {
        tags,
        summary: 'Makes one; it is shown this once',
        body: Type.Object({ name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) }),
        response: { 201: Type.Object({ ...members, key: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      await refuseTooMany(apiKeys, userId);
      const { key, record } = await apiKeys.create({
        userId,
        kind: VOICE_KEY_KIND,
        name: request.body.name ?? 'key',
        prefix: VOICE_KEY_PREFIX,
      });
      return reply.code(201).send({ ...present(record), key });
    },
  );

  server.delete(
    '/voice/keys/:id',
    {
      ...authenticated,
      schema: {
        tags,
        summary: 'Revokes one, at once',
        params: Type.Object({ id: Type.String() }),
        response: { 204: Type.Null({ description: 'Done.' }) },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      if (!(await apiKeys.revoke(userId, request.params.id, VOICE_KEY_KIND)))
        throw errors.notFound('There is no such key.');
      return reply.code(204).send(null);
    },
  );
}

async function refuseTooMany(apiKeys: ApiKeys, userId: string): Promise<void> {
  if ((await apiKeys.list(userId, VOICE_KEY_KIND)).length >= MOST_KEYS)
    throw errors.conflict(`There are ${MOST_KEYS} keys already. Revoke one first.`);
}
