import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { operatorOf } from '../callers.js';
import { supportErrors } from '../errors.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import { bodyMayBeMissing } from '../route-body.js';
import { Success } from '../sdk-shapes.js';
import { isoOrNull } from '../wire.js';
import type { KeyManagement } from './management.js';
import {
  CreatedKeyAnswer,
  CreateKeyBody,
  KeyParams,
  KeysAnswer,
  RotatedKeyAnswer,
  RotateKeyBody,
} from './schemas.js';
import type { ApiKey } from './store.js';

const tags = ['support: settings'];

const present = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  created_at: isoInstant(key.created_at),
  expires_at: isoOrNull(key.expires_at),
  last_used_at: isoOrNull(key.last_used_at),
  revoked_at: isoOrNull(key.revoked_at),
});

/** An app's keys in its team's hands (contract §19). */
export function keyRoutes(server: HttpServer, keys: KeyManagement, hooks: OperatorRouteHooks): void {
  server.get(
    '/admin/settings/api-keys',
    {
      ...hooks.operator('view:settings'),
      schema: { tags, summary: "The app's API keys", response: { 200: KeysAnswer } },
    },
    async (request) => ({ api_keys: (await keys.list(operatorOf(request))).map(present) }),
  );

  server.post(
    '/admin/settings/api-keys',
    {
      ...hooks.operator('manage:settings'),
      preValidation: bodyMayBeMissing,
      schema: { tags, summary: 'Make a key', body: CreateKeyBody, response: { 201: CreatedKeyAnswer } },
    },
    async (request, reply) => {
      const { name, expires_at: expiresAt } = request.body;
      if (!name?.trim()) throw supportErrors.missingName();
      const made = await keys.create(
        operatorOf(request),
        name.trim(),
        expiresAt ? Date.parse(expiresAt) : null,
      );
      return reply.code(201).send({ ...present(made.key), api_key: made.apiKey });
    },
  );

  server.post(
    '/admin/settings/api-keys/:id/regenerate',
    {
      ...hooks.operator('manage:settings'),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Replace a key',
        description: 'The former key works on for `grace_seconds`, or as long as the app settings say.',
        params: KeyParams,
        body: RotateKeyBody,
        response: { 200: RotatedKeyAnswer },
      },
    },
    async (request) => {
      const { grace_seconds: grace } = request.body;
      const rotated = await keys.rotate(operatorOf(request), request.params.id, grace ?? undefined);
      return {
        id: rotated.key.id,
        api_key: rotated.apiKey,
        previous_valid_until: isoOrNull(rotated.previousValidUntil),
      };
    },
  );

  server.delete(
    '/admin/settings/api-keys/:id',
    {
      ...hooks.operator('manage:settings'),
      schema: { tags, summary: 'End a key at once', params: KeyParams, response: { 200: Success } },
    },
    async (request) => {
      await keys.revoke(operatorOf(request), request.params.id);
      return { success: true as const };
    },
  );
}
