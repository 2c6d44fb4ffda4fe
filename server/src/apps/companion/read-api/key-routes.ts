import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import type { ApiKey, ApiKeys } from '../../../platform/identity/api-keys.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { RouteHooks } from '../route-hooks.js';
import { isoOf, isoOrNull } from '../wire/instants.js';

/** The kinds of keys that this app hands out: `mcp` for assistants, `dev` for scripts. */
const keyKinds = ['mcp', 'dev'] as const;
export type KeyKind = (typeof keyKinds)[number];

const MAX_NAME = 100;
/** More keys than this nobody keeps track of. */
const MOST_KEYS = 50;

const present = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  key_prefix: key.prefix,
  created_at: isoOf(key.createdAt),
  last_used_at: isoOrNull(key.lastUsedAt),
});

/** A user's keys for their own programs: contract §8.4. */
export function keyRoutes(server: HttpServer, apiKeys: ApiKeys, hooks: RouteHooks): void {
  const route = hooks.authenticated;
  const tags = ['companion'];

  for (const kind of keyKinds) {
    const path = `/v1/${kind}/keys`;

    server.get(path, { ...route, schema: { tags, summary: 'Keys for own programs' } }, async (request) =>
      (await apiKeys.list(callerOf(request).userId, kind)).map(present),
    );

    server.post(
      path,
      {
        ...route,
        schema: {
          tags,
          summary: 'Makes a key; it is shown this once',
          body: Type.Object({ name: Type.String({ maxLength: 1_000 }) }),
        },
      },
      async (request) => {
        const { userId } = callerOf(request);
        const name = request.body.name.trim();
        if (name === '' || name.length > MAX_NAME)
          throw errors.unprocessable(`A key's name has 1 to ${MAX_NAME} characters.`, { field: 'name' });
        if ((await apiKeys.list(userId, kind)).length >= MOST_KEYS)
          throw errors.quotaExceeded(`You have ${MOST_KEYS} keys already. Remove some first.`);
        const { key, record } = await apiKeys.create({ userId, kind, name, prefix: `omi_${kind}_` });
        return { ...present(record), key };
      },
    );

    server.delete(
      `${path}/:id`,
      {
        ...route,
        schema: { tags, summary: 'Takes a key back', params: Type.Object({ id: Type.String() }) },
      },
      async (request, reply) => {
        if (!(await apiKeys.revoke(callerOf(request).userId, request.params.id, kind)))
          throw errors.notFound('Key not found');
        return reply.code(204).send();
      },
    );
  }
}
