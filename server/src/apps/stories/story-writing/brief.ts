import type { LanguageCode } from '../language.js';

/** What is known of the hero; the stateless routes know neither age nor colours. */
export interface StoryHero {
  readonly name: string;
  readonly age: number | null;
  readonly traits: readonly string[];
  readonly abilities: readonly string[];
  readonly appearance: string | null;
  readonly hairColor: string | null;
  readonly eyeColor: string | null;
}

/** The day that the story tells of: one of the app's own by name, or one that the family thought up. */
export interface StoryDay {
  readonly title: string;
  readonly description?: string;
  readonly promptSeed?: string;
  readonly category?: string;
  readonly ageRange?: string | null;
  readonly tone?: string;
  readonly keywords?: readonly string[];
}

/** Everything a storyteller is told. */
export interface StoryBrief {
  readonly language: LanguageCode;
  readonly hero: StoryHero;
  readonly day: StoryDay;
  /** The title that the user wants; else the storyteller finds one. */
  readonly title?: string | undefined;
  /** Further wishes of the user. */
  readonly customPrompt?: string | undefined;
  readonly maxTokens?: number | undefined;
  /** About how many words; 300 to 500 unless said otherwise. */
  readonly words?: number;
  /** The same seed gives the same story, where the storyteller works by rules. */
  readonly seed: string;
}

export interface WrittenStory {
  readonly title: string;
  /** Paragraphs, separated by empty lines. */
  readonly content: string;
  readonly tokens?: number;
  /** Kept with the story: who wrote it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Writes bedtime stories. */
export interface Storyteller {
  /** For the ledger. */
  readonly model: string;
  /** @throws AppError 400 for a language that this storyteller does not know; call it before anything is paid for */
  checkLanguage(language: LanguageCode): void;
  /** @throws AppError with words fit for the user */
  write(brief: StoryBrief, signal?: AbortSignal): Promise<WrittenStory>;
}
