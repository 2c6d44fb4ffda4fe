import type { ListeningReport } from '../listening/report.js';
import type { Operation } from '../queue/operation.js';
import { CREATE_FIELDS, pickFields, withoutEmpty } from '../records/fields.js';
import type { StoredRecord } from '../records/record.js';
import { REFERENCES } from '../records/references.js';
import type { StoreReader } from '../stores/local-store.js';
import type { EntityValue } from '../wire/entities.js';
import type { SyncMutation } from '../wire/sync.js';

/** What an operation needs first, or why it will never come to that. */
export type Obstacle =
  | { readonly kind: 'waits'; readonly forRecord: string }
  | { readonly kind: 'impossible'; readonly reason: string };

export type Built = { readonly mutation: SyncMutation } | { readonly obstacle: Obstacle };

/** An operation as the server wants to hear it, made of the record as it is now. */
export async function buildMutation(
  tx: StoreReader,
  operation: Operation,
  record: StoredRecord,
): Promise<Built> {
  const parent = await obstacleAbove(tx, record);
  if (parent) return { obstacle: parent };
  const common = { mutationId: operation.id, type: operation.entityType, at: isoOf(operation.createdAt) };
  if (operation.kind === 'create') return buildCreate(tx, common, record);
  if (record.serverId === null) return { obstacle: { kind: 'waits', forRecord: record.id } };
  const named = { ...common, id: record.serverId };
  if (operation.kind === 'play') return { mutation: { ...named, op: 'play' } };
  if (operation.kind === 'delete')
    return { mutation: { ...named, op: 'delete', baseVersion: record.version } };
  const fields = record.pendingChanges?.changedFields ?? {};
  return { mutation: { ...named, op: 'update', baseVersion: record.version, fields } };
}

async function buildCreate(
  tx: StoreReader,
  common: { readonly mutationId: string; readonly type: StoredRecord['type']; readonly at: string },
  record: StoredRecord,
): Promise<Built> {
  const references: Record<string, unknown> = {};
  for (const [field, target] of Object.entries(REFERENCES[record.type])) {
    const id = record.value[field];
    if (typeof id !== 'string') continue;
    const referred = await tx.get('records', id);
    if (referred?.type === target && referred.serverId === null) {
      return { obstacle: { kind: 'waits', forRecord: id } };
    }
    references[field] = referred?.serverId ?? id;
  }
  const fields: EntityValue = withoutEmpty({
    ...pickFields(record.value, CREATE_FIELDS[record.type]),
    ...references,
  });
  return { mutation: { ...common, op: 'create', localId: record.id, fields } };
}

/** Nothing of a story is sent while its hero is about to go, or while it is not clear whether it stays. */
async function obstacleAbove(tx: StoreReader, record: StoredRecord): Promise<Obstacle | null> {
  if (record.type !== 'story' || typeof record.value.heroId !== 'string') return null;
  const hero = await tx.get('records', record.value.heroId);
  if (!hero) {
    return record.serverId === null
      ? { kind: 'impossible', reason: 'The hero of this story does not exist any more.' }
      : null;
  }
  const leaving =
    hero.status === 'pendingDelete' || (hero.conflict !== null && hero.conflict.server === null);
  return leaving ? { kind: 'waits', forRecord: hero.id } : null;
}

/** A listening session, or null while its story is unknown to the server. */
export async function buildListening(tx: StoreReader, report: ListeningReport): Promise<SyncMutation | null> {
  const story = await tx.get('records', report.storyId);
  if (!story?.serverId) return null;
  const { startedAt, endedAt, duration, completed } = report;
  return {
    mutationId: report.id,
    type: 'story',
    op: 'listen',
    id: story.serverId,
    at: endedAt,
    fields: { startedAt, endedAt, duration, completed },
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
