import type { Hero, HeroCreate } from '@earshot/client';

/** A hero while it is being thought up. */
export interface Draft {
  readonly name: string;
  readonly age: number;
  readonly traits: readonly string[];
  readonly ability: string;
  readonly hair: string;
  readonly hairStyle: string;
  readonly eyes: string;
  readonly skin: string;
  readonly appearance: string;
}

export const emptyDraft: Draft = {
  name: '',
  age: 6,
  traits: [],
  ability: '',
  hair: '',
  hairStyle: '',
  eyes: '',
  skin: '',
  appearance: '',
};

export interface Swatch {
  readonly value: string;
  readonly label: string;
  /** What it looks like, roughly. */
  readonly color: string;
}

export const hairColors: readonly Swatch[] = [
  { value: 'black', label: 'Black', color: '#3a2a28' },
  { value: 'brown', label: 'Brown', color: '#6b4428' },
  { value: 'light brown', label: 'Light brown', color: '#b9783f' },
  { value: 'blond', label: 'Blond', color: '#e9bd62' },
  { value: 'red', label: 'Red', color: '#c95a2c' },
  { value: 'silver', label: 'Silver', color: '#d9d6d2' },
  { value: 'pink', label: 'Pink', color: '#f49ac1' },
  { value: 'blue', label: 'Blue', color: '#6fa8dc' },
];

export const eyeColors: readonly Swatch[] = [
  { value: 'brown', label: 'Brown', color: '#5b3a24' },
  { value: 'blue', label: 'Blue', color: '#3f8fc4' },
  { value: 'green', label: 'Green', color: '#4d9a62' },
  { value: 'hazel', label: 'Hazel', color: '#8a7a3a' },
  { value: 'grey', label: 'Grey', color: '#7d8a99' },
];

export const skinTones: readonly Swatch[] = [
  { value: 'pale', label: 'Pale', color: '#f8d3b8' },
  { value: 'peach', label: 'Peach', color: '#edb98f' },
  { value: 'olive', label: 'Olive', color: '#d69a68' },
  { value: 'brown', label: 'Brown', color: '#a9693f' },
  { value: 'dark', label: 'Dark', color: '#74452c' },
];

export const hairStyles = [
  { value: '', label: 'Surprise me' },
  { value: 'short', label: 'Short' },
  { value: 'straight', label: 'Straight' },
  { value: 'long', label: 'Long' },
  { value: 'curly', label: 'Curly' },
  { value: 'afro', label: 'Afro' },
  { value: 'ponytail', label: 'Ponytail' },
  { value: 'pigtails', label: 'Pigtails' },
  { value: 'braids', label: 'Braids' },
  { value: 'bun', label: 'Bun' },
  { value: 'spiky', label: 'Spiky' },
] as const;

/** The wire has one field for hair: `red, curly`. */
const hairOf = ({ hair, hairStyle }: Draft): string => [hair, hairStyle].filter(Boolean).join(', ');

/** What is said of a hero; empty answers are left out. */
export function fieldsOf(draft: Draft): HeroCreate {
  const hairColor = hairOf(draft);
  const ability = draft.ability.trim();
  const appearance = draft.appearance.trim();
  return {
    name: draft.name.trim(),
    age: draft.age,
    traits: draft.traits,
    ...(ability && { specialAbilities: [ability] }),
    ...(hairColor && { hairColor }),
    ...(draft.eyes && { eyeColor: draft.eyes }),
    ...(draft.skin && { skinTone: draft.skin }),
    ...(appearance && { appearance }),
  };
}

/** The hero as the form knows it. */
export function draftOf(hero: Hero): Draft {
  const hair = (hero.hairColor ?? '').split(',').map((part) => part.trim());
  const style = hairStyles.find(({ value }) => value !== '' && hair.includes(value))?.value ?? '';
  return {
    name: hero.name,
    age: hero.age,
    traits: hero.traits,
    ability: hero.specialAbilities?.[0] ?? '',
    hair: hair.filter((part) => part !== style).join(', '),
    hairStyle: style,
    eyes: hero.eyeColor ?? '',
    skin: hero.skinTone ?? '',
    appearance: hero.appearance ?? '',
  };
}
