import type { Static } from 'typebox';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { VisualProfileRow } from '../tables.js';
import type { VisualProfile, VisualProfileBody } from './schemas.js';

/** The attributes of a profile; null counts as none. */
export type VisualAttributes = Static<typeof VisualProfileBody>;

export const attributesOf = (profile: Pick<VisualProfileRow, 'attributes'>): VisualAttributes =>
  JSON.parse(profile.attributes) as VisualAttributes;

export function presentVisualProfile(profile: VisualProfileRow): Static<typeof VisualProfile> {
  const found = attributesOf(profile);
  return {
    id: profile.id,
    heroId: profile.hero_id,
    hairStyle: found.hairStyle ?? null,
    hairColor: found.hairColor ?? null,
    hairTexture: found.hairTexture ?? null,
    eyeColor: found.eyeColor ?? null,
    eyeShape: found.eyeShape ?? null,
    skinTone: found.skinTone ?? null,
    facialFeatures: found.facialFeatures ?? null,
    bodyType: found.bodyType ?? null,
    height: found.height ?? null,
    age: found.age ?? null,
    typicalClothing: found.typicalClothing ?? null,
    accessories: found.accessories ?? null,
    artStyle: found.artStyle ?? null,
    canonicalPrompt: found.canonicalPrompt ?? null,
    simplifiedPrompt: found.simplifiedPrompt ?? null,
    colorPalette: found.colorPalette ?? null,
    visualKeywords: found.visualKeywords ?? null,
    createdAt: isoInstant(profile.created_at),
    updatedAt: isoInstant(profile.updated_at),
  };
}
