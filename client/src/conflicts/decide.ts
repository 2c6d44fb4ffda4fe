import { COMPARED_FIELDS, orNull, sameValue, UPDATE_FIELDS } from '../records/fields.js';
import type { EntityType, EntityValue } from '../wire/entities.js';
import type { ConflictPolicies, ConflictStrategy } from './policies.js';

/** Two versions that came from the same one. */
export interface Divergence {
  readonly type: EntityType;
  readonly intent: 'update' | 'delete';
  /** The server's value that the local changes were made on, if it is known. */
  readonly base: EntityValue | null;
  /** What was changed here. */
  readonly changes: EntityValue;
  /** When, in epoch milliseconds. */
  readonly changedAt: number;
  readonly server: EntityValue;
}

export type Decision =
  /** The server's version is taken; `discarded` was changed here and is given up. */
  | { readonly outcome: 'takeServer'; readonly discarded: EntityValue | null }
  /** These fields (of a delete: none) are sent again, now on the server's version. */
  | { readonly outcome: 'rebase'; readonly fields: EntityValue; readonly discarded: EntityValue | null }
  | { readonly outcome: 'ask' };

/** Fields that are decided about together. */
interface Group {
  readonly strategy: ConflictStrategy;
  readonly fields: readonly string[];
  /** A change of one field here and of another there is a conflict as well. */
  readonly inseparable: boolean;
}

const STORY_TEXT = ['title', 'content'];

function groupsOf(type: EntityType, policies: ConflictPolicies): readonly Group[] {
  const fields = [...new Set([...UPDATE_FIELDS[type], ...COMPARED_FIELDS[type]])];
  if (type !== 'story') return [{ strategy: policies[type], fields, inseparable: false }];
  return [
    { strategy: policies.storyText, fields: STORY_TEXT, inseparable: true },
    {
      strategy: policies.storyMetadata,
      fields: fields.filter((field) => !STORY_TEXT.includes(field)),
      inseparable: false,
    },
  ];
}

/** What becomes of a local change whose base is not the server's newest version any more. Pure. */
export function decideConflict(divergence: Divergence, policies: ConflictPolicies): Decision {
  const groups = groupsOf(divergence.type, policies);
  return divergence.intent === 'delete' ? decideDelete(divergence, groups) : decideUpdate(divergence, groups);
}

function decideDelete(divergence: Divergence, groups: readonly Group[]): Decision {
  const { type, base, server } = divergence;
  for (const { strategy, fields } of groups) {
    const edited = fields.some(
      (field) => COMPARED_FIELDS[type].includes(field) && (!base || !sameValue(base[field], server[field])),
    );
    if (!edited) continue;
    if (strategy === 'ask') return { outcome: 'ask' };
    const newer = strategy === 'lastWriteWins' && !localIsNewer(divergence);
    if (strategy === 'serverWins' || newer) return { outcome: 'takeServer', discarded: null };
  }
  return { outcome: 'rebase', fields: {}, discarded: null };
}

function decideUpdate(divergence: Divergence, groups: readonly Group[]): Decision {
  const { changes, base, server } = divergence;
  const kept: Record<string, unknown> = {};
  const discarded: Record<string, unknown> = {};
  for (const group of groups) {
    const changedHere = group.fields.filter(
      (field) => field in changes && !sameValue(changes[field], server[field]),
    );
    if (changedHere.length === 0) continue;
    const changedThere = group.fields.filter((field) =>
      base ? !sameValue(base[field], server[field]) : changedHere.includes(field),
    );
    const clashing = group.inseparable
      ? changedThere.length > 0
        ? changedHere
        : []
      : changedHere.filter((field) => changedThere.includes(field));
    if (clashing.length > 0 && group.strategy === 'ask') return { outcome: 'ask' };
    for (const field of changedHere) {
      const value = clashing.includes(field)
        ? resolveField(field, group.strategy, divergence)
        : changes[field];
      if (!sameValue(value, server[field])) kept[field] = value;
      if (!sameValue(value, changes[field])) discarded[field] = changes[field];
    }
  }
  const lost = orNull(discarded);
  return Object.keys(kept).length === 0
    ? { outcome: 'takeServer', discarded: lost }
    : { outcome: 'rebase', fields: kept, discarded: lost };
}

/** The most traits a hero may have. */
const TRAITS_LIMIT = 20;

function resolveField(field: string, strategy: ConflictStrategy, divergence: Divergence): unknown {
  const mine = divergence.changes[field];
  const theirs = divergence.server[field];
  if (strategy === 'serverWins') return theirs;
  if (strategy === 'lastWriteWins') return localIsNewer(divergence) ? mine : theirs;
  const united = strategy === 'merge' && divergence.type === 'hero' && field === 'traits';
  if (united && Array.isArray(mine) && Array.isArray(theirs)) {
    return [...new Set([...mine, ...theirs])].slice(0, TRAITS_LIMIT);
  }
  return mine;
}

function localIsNewer({ changedAt, server }: Divergence): boolean {
  const theirs = typeof server.updatedAt === 'string' ? Date.parse(server.updatedAt) : Number.NaN;
  return !(theirs > changedAt);
}
