import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { BatchAnswer, type BatchKind, batchKinds } from './items.js';
import type { Batches } from './service.js';

const MAX_ITEMS = 100;
/** A hundred stories of the greatest length that a story may have, and then some. */
const BATCH_BYTES = 32 * 1_048_576;

/** Where each kind is taken in; heroes also under the bare path, as the contract has it. */
const PATHS: readonly (readonly [path: string, kind: BatchKind])[] = [
  ['/batch', 'hero'],
  ['/batch/heroes', 'hero'],
  ['/batch/stories', 'story'],
  ['/batch/custom-events', 'customEvent'],
];

/** Taking in a device's library at once (contract §3.7). Belongs in the authenticated scope. */
export function batchRoutes(server: HttpServer, { batches }: { readonly batches: Batches }): void {
  for (const [path, kind] of PATHS) {
    const list = batchKinds[kind];
    server.post(
      path,
      {
        bodyLimit: BATCH_BYTES,
        schema: {
          tags: ['stories: batch'],
          summary: `Up to ${MAX_ITEMS} ${list} by the client’s own ids`,
          body: Type.Object({ [list]: Type.Array(Type.Unknown(), { maxItems: MAX_ITEMS }) }),
          response: { 200: BatchAnswer },
        },
      },
      async (request) => {
        const items = (request.body as Readonly<Record<string, readonly unknown[]>>)[list] ?? [];
        return batches(callerOf(request).userId, kind, items);
      },
    );
  }
}
