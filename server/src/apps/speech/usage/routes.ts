import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { RouteHooks } from '../route-hooks.js';
import type { UsageService } from './service.js';

const Usage = Type.Object({
  files_count: Type.Integer(),
  storage_used_mb: Type.Number(),
  generated_today: Type.Integer(),
  characters_today: Type.Integer(),
  characters_per_day: Type.Integer(),
  last_cleanup: Type.String(),
});

export function usageRoutes(server: HttpServer, usage: UsageService, { authenticated }: RouteHooks): void {
  server.get(
    '/user/usage',
    {
      ...authenticated,
      schema: { tags: ['speech'], summary: 'What the caller has used', response: { 200: Usage } },
    },
    async (request) => {
      const used = await usage.of(callerOf(request).userId);
      return {
        files_count: used.files,
        storage_used_mb: Math.round((used.bytes / 1_048_576) * 100) / 100,
        generated_today: used.today,
        characters_today: used.charactersToday,
        characters_per_day: used.charactersPerDay,
        last_cleanup: isoInstant(used.lastCleanup),
      };
    },
  );
}
