import type { Color } from './color.js';
import { type Look, lookNamed } from './look.js';
import { type Vocabulary, vocabularies } from './words.js';

/** How somebody in a picture looks, in English words. */
export interface LookWords {
  readonly hairStyle: string;
  readonly hair: string;
  readonly eyes: string;
  readonly skin: string;
  readonly clothing: string;
  readonly accessory: string | null;
  /** Of hair, eyes, skin and clothes. */
  readonly palette: readonly Color[];
}

/** The words for a picture that this engine drew, by its `generationId`; null for pictures of others. */
export function wordsOfPicture(generationId: string): LookWords | null {
  const look = lookNamed(generationId);
  if (!look) return null;
  const { hairStyle, hair, eyes, skin, top, bottom, extra } = look;
  return {
    hairStyle,
    hair: nameOf(hair, vocabularies.hair),
    eyes: nameOf(eyes, vocabularies.eyes),
    skin: nameOf(skin, vocabularies.skin),
    clothing: clothingOf(look),
    accessory: extra === 'none' ? null : extra,
    palette: [hair, eyes, skin, top, bottom],
  };
}

function clothingOf({ outfit, top, bottom }: Look): string {
  const color = nameOf(top, vocabularies.clothes);
  const trousers = `${nameOf(bottom, vocabularies.clothes)} trousers`;
  if (outfit === 'dress') return `a ${color} dress`;
  if (outfit === 'overalls') return `${nameOf(bottom, vocabularies.clothes)} overalls over a ${color} shirt`;
  return `a ${outfit === 'striped' ? 'striped ' : ''}${color} shirt and ${trousers}`;
}

/** The first word of the nearest colour that has one. */
function nameOf(color: Color, words: Vocabulary): string {
  let nearest = '';
  let least = Number.POSITIVE_INFINITY;
  for (const [word, known] of words) {
    const distance = distanceOf(color, known);
    if (distance < least) {
      nearest = word;
      least = distance;
    }
  }
  return nearest;
}

function distanceOf(one: Color, other: Color): number {
  const channel = (color: Color, index: number) =>
    Number.parseInt(color.slice(1 + 2 * index, 3 + 2 * index), 16);
  return [0, 1, 2].reduce((sum, index) => sum + (channel(one, index) - channel(other, index)) ** 2, 0);
}
