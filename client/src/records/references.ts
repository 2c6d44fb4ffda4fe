import type { StoreReader } from '../stores/local-store.js';
import type { EntityType, EntityValue } from '../wire/entities.js';
import type { StoredRecord } from './record.js';
import { serverKeyOf } from './record.js';

/** Which fields of an entity name another one. */
export const REFERENCES: Readonly<Record<EntityType, Readonly<Record<string, EntityType>>>> = {
  hero: {},
  customEvent: {},
  story: { heroId: 'hero', customEventId: 'customEvent' },
  illustration: { storyId: 'story' },
};

export async function findByServerId(
  tx: StoreReader,
  type: EntityType,
  serverId: string,
): Promise<StoredRecord | undefined> {
  const [record] = await tx.where('records', 'serverKey', serverKeyOf(type, serverId));
  return record;
}

/**
 * A value of the server with local ids in place of the server's. An entity that is not known yet keeps the server's id:
 * it will have that as its local id when it arrives.
 */
export async function withLocalReferences(
  tx: StoreReader,
  type: EntityType,
  value: EntityValue,
): Promise<EntityValue> {
  const changed: Record<string, unknown> = {};
  for (const [field, target] of Object.entries(REFERENCES[type])) {
    const serverId = value[field];
    if (typeof serverId !== 'string') continue;
    const record = await findByServerId(tx, target, serverId);
    if (record && record.id !== serverId) changed[field] = record.id;
  }
  return { ...value, ...changed };
}

/** The records that belong to this one and go with it. */
export async function dependantsOf(tx: StoreReader, record: StoredRecord): Promise<readonly StoredRecord[]> {
  if (record.type === 'hero') {
    const stories = await tx.where('records', 'type', 'story');
    return stories.filter((story) => story.value.heroId === record.id);
  }
  if (record.type === 'story') {
    const illustrations = await tx.where('records', 'type', 'illustration');
    return illustrations.filter((illustration) => illustration.value.storyId === record.id);
  }
  return [];
}
