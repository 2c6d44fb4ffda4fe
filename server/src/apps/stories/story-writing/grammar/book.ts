/*
 * What a language's stories are made of. Texts hold `{slots}` that are filled with what is known of the hero and the day, and
 * `[one|another]` choices. No text may need to know whether the hero is a girl or a boy.
 */

/** The traits of the app; other words for them are mapped onto these. */
const traitNames = [
  'brave',
  'kind',
  'curious',
  'funny',
  'smart',
  'adventurous',
  'creative',
  'helpful',
  'gentle',
  'magical',
] as const;
export type TraitName = (typeof traitNames)[number];

/** The app's built-in events (contract §4). */
export const builtinEvents = [
  'Bedtime Adventure',
  'School Day Fun',
  'Birthday Celebration',
  'Weekend Explorer',
  'Rainy Day Magic',
  'Family Time',
  'Making Friends',
  'Learning Something New',
  'Helping Others',
  'Holiday Adventure',
] as const;
export type BuiltinEvent = (typeof builtinEvents)[number];

export const toneNames = [
  'calming',
  'exciting',
  'educational',
  'funny',
  'inspiring',
  'mysterious',
  'balanced',
  'cheerful',
] as const;
export type ToneName = (typeof toneNames)[number];

type Alternatives = readonly string[];

/** What happens on one kind of day. The inner moments of the hero stand between these paragraphs. */
export interface Plot {
  readonly titles: Alternatives;
  /** Who goes along: how they are introduced (`{intro}`), and their name (`{friend}`). */
  readonly friends: readonly (readonly [intro: string, name: string])[];
  readonly setting: string;
  readonly problem: string;
  readonly middle: string;
  readonly resolution: string;
  readonly home: string;
}

/** One language. */
export interface Book {
  /** With `{name}` and `{portrait}`. */
  readonly openings: Alternatives;
  /** How the hero faces the problem. */
  readonly traits: Readonly<Record<TraitName, Alternatives>>;
  /** For a word that is no trait of the app (`{trait}`), and for heroes without any. */
  readonly otherTrait: Alternatives;
  /** With `{ability}`. */
  readonly abilities: Alternatives;
  readonly noAbility: Alternatives;
  readonly endings: Alternatives;
  readonly plots: Readonly<Record<BuiltinEvent, Plot>>;
  /** For days that the family thought up: with `{title}`, and the parts below where something is known. */
  readonly custom: Plot;
  /** With `{seed}`: the event's own first sentence. */
  readonly letter: string;
  /** With `{keywords}`, and `{keyword}`, the first of them. */
  readonly cards: string;
  readonly tones: Readonly<Record<ToneName, string>>;
  /** 3 to 12 in words. */
  readonly ages: Readonly<Record<number, string>>;
  readonly and: string;
  /** Colours of hair and eyes as users of either language write them. */
  readonly hair: Readonly<Record<string, string>>;
  readonly eyes: Readonly<Record<string, string>>;
  /** What follows the hero's name: `, six years old, with brown hair`; nothing when nothing is known. */
  portrait(age: string | undefined, hair: string | undefined, eyes: string | undefined): string;
  /** Forms of `{name}` or `{friend}` that depend on its first letter: `{de_name}`. */
  nameSlots(slot: string, name: string): Readonly<Record<string, string>>;
  quote(text: string): string;
  /** The language's last touch: spaces and quotation marks. */
  typeset(text: string): string;
}
