import type { Changes } from '../../../platform/changes/changes.js';
import { type Entities, type Entity, idsByType } from './entities.js';

/** A change with what became of the thing. */
export interface ToldChange {
  readonly seq: number;
  readonly type: string;
  readonly id: string;
  readonly deleted: boolean;
  readonly value: Record<string, unknown> | null;
}

/** Reads an owner's changes forward. */
export const createPull =
  ({ changes }: { readonly changes: Changes }, entities: Entities) =>
  async (userId: string, since: number, limit: number) => {
    const { changes: page, ...place } = await changes.since(userId, since, limit);
    const living = idsByType(page.filter(({ deleted }) => !deleted));
    const values = new Map<string, ReadonlyMap<string, Entity>>();
    for (const [type, ids] of living) values.set(type, await entities.byIds(type, userId, ids));
    const told = page.flatMap((change): ToldChange[] => {
      if (change.deleted) return [{ ...change, value: null }];
      const entity = values.get(change.type)?.get(change.id);
      // What was deleted a moment ago has a tombstone behind this page, and comes with it.
      return entity ? [{ ...change, value: entity.value }] : [];
    });
    return { ...place, changes: told };
  };

export type Pull = ReturnType<typeof createPull>;
