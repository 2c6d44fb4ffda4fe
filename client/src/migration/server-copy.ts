import type { HttpClient } from '../http/client.js';
import type { EntityType, EntityValue } from '../wire/entities.js';
import type { SyncChanges } from '../wire/sync.js';
import { PAGE_LIMIT } from '../wire/sync.js';

export interface ServerEntity {
  readonly type: EntityType;
  readonly value: EntityValue;
}

/** Everything that the server has of the user, by id, without touching what this device knows. @throws EarshotError */
export async function readServerCopy(
  http: HttpClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ServerEntity>> {
  const entities = new Map<string, ServerEntity>();
  for (let since = 0, more = true; more; ) {
    const page = await http.data<SyncChanges>({
      path: '/api/sync/changes',
      query: { since, limit: PAGE_LIMIT },
      signal,
    });
    for (const { id, type, value, deleted } of page.changes) {
      if (!deleted && value) entities.set(id, { type, value });
    }
    since = page.next;
    more = page.hasMore;
  }
  return entities;
}
