import type { EntityType, EntityValue } from '../wire/entities.js';

const HERO_CREATE = [
  'name',
  'age',
  'traits',
  'specialAbilities',
  'appearance',
  'hairColor',
  'eyeColor',
  'skinTone',
  'height',
] as const;
const EVENT_CREATE = [
  'title',
  'promptSeed',
  'description',
  'category',
  'ageRange',
  'tone',
  'keywords',
] as const;

/** What a create may say (contract §3). */
export const CREATE_FIELDS: Readonly<Record<EntityType, readonly string[]>> = {
  hero: HERO_CREATE,
  story: ['heroId', 'title', 'content', 'language', 'isFavorite', 'eventType', 'customEventId'],
  customEvent: EVENT_CREATE,
  illustration: [],
};

/** What an update may say. */
export const UPDATE_FIELDS: Readonly<Record<EntityType, readonly string[]>> = {
  hero: [...HERO_CREATE, 'avatarUrl', 'avatarPrompt', 'avatarGenerationId'],
  story: ['title', 'content', 'isFavorite', 'language'],
  customEvent: [...EVENT_CREATE, 'isFavorite'],
  illustration: [],
};

/**
 * By which fields it is told whether a person changed something on the other side. Addresses are left out: they are
 * signed anew in each answer.
 */
export const COMPARED_FIELDS: Readonly<Record<EntityType, readonly string[]>> = {
  hero: [...HERO_CREATE, 'avatarPrompt', 'avatarGenerationId'],
  story: UPDATE_FIELDS.story,
  customEvent: UPDATE_FIELDS.customEvent,
  illustration: ['imagePrompt', 'generationId', 'generationStatus'],
};

/** Equal as JSON, where null, absent and undefined are the same. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right || (left ?? null) === (right ?? null)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const a = left as EntityValue;
  const b = right as EntityValue;
  return [...names].every((name) => sameValue(a[name], b[name]));
}

/** The fields with these names that are there; what was cleared (undefined) becomes null. */
export function pickFields(value: EntityValue, names: readonly string[]): EntityValue {
  return Object.fromEntries(names.filter((name) => name in value).map((name) => [name, value[name] ?? null]));
}

/** Without what is null or undefined: how the wire says that there is nothing to say. */
export const withoutEmpty = (value: EntityValue): EntityValue =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && field !== undefined));

/** Null when there is no field at all. */
export const orNull = (fields: EntityValue): EntityValue | null =>
  Object.keys(fields).length > 0 ? fields : null;
