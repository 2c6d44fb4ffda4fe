import type { Transaction } from '../../../platform/database/database.js';
import type { SyncedRoom, SyncedRooms } from '../services.js';
import { type EntityType, entityTypes } from './mutations.js';

/** An entity as the wire has it. */
export interface Entity {
  readonly id: string;
  readonly version: number;
  readonly value: Record<string, unknown>;
}

/** The synced rooms, asked by the name of a type. */
export interface Entities {
  /** The room's rules for writing; what it writes is read back by {@link Entities.byIds}. */
  room(type: EntityType): Pick<SyncedRoom<Row>, 'create' | 'update' | 'remove'>;
  /** The user's own among these. */
  byIds(
    type: EntityType,
    userId: string,
    ids: readonly string[],
    tx?: Transaction,
  ): Promise<ReadonlyMap<string, Entity>>;
}

interface Row {
  readonly id: string;
  readonly version: number;
}

export function createEntities(rooms: SyncedRooms): Entities {
  const byIds = async <R extends Row>(
    room: SyncedRoom<R>,
    userId: string,
    ids: readonly string[],
    tx: Transaction | null,
  ): Promise<ReadonlyMap<string, Entity>> => {
    const rows = await room.byIds(tx, userId, ids);
    return new Map(
      [...rows].map(([id, row]) => [id, { id, version: row.version, value: room.present(row) }]),
    );
  };
  return {
    room: (type) => rooms[type],
    byIds: async (type, userId, ids, tx) => {
      if (ids.length === 0) return new Map();
      switch (type) {
        case 'hero':
          return byIds(rooms.hero, userId, ids, tx ?? null);
        case 'story':
          return byIds(rooms.story, userId, ids, tx ?? null);
        case 'illustration':
          return byIds(rooms.illustration, userId, ids, tx ?? null);
        case 'customEvent':
          return byIds(rooms.customEvent, userId, ids, tx ?? null);
      }
    },
  };
}

/** The ids of things, by their type. */
export function idsByType(
  things: Iterable<{ readonly type: string; readonly id: string }>,
): ReadonlyMap<EntityType, readonly string[]> {
  const ids = new Map<EntityType, Set<string>>();
  for (const { type, id } of things) {
    const known = entityTypes.find((name) => name === type);
    if (known) ids.set(known, (ids.get(known) ?? new Set()).add(id));
  }
  return new Map([...ids].map(([type, found]) => [type, [...found]]));
}
