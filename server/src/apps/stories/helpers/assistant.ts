import type { LanguageCode } from '../language.js';
import type { StoryDay } from '../story-writing/brief.js';
import type { Made } from './metered.js';

/** What becomes of an event that is enhanced. */
export interface EnhancedEvent {
  readonly promptSeed: string;
  /** Five to eight, where the event gives as many. */
  readonly keywords: readonly string[];
}

/**
 * Helps a family to put a day of their own into words (contract §3.6). Answers are in the language of what was given unless
 * one is named.
 *
 * Everything throws AppError in this contract's words.
 */
export interface Assistant {
  /** For the ledger. */
  readonly model: string;
  /** Three to six words. */
  title(description: string, language: LanguageCode | null, signal: AbortSignal): Promise<Made<string>>;
  /** What a storyteller is told, in fewer than 150 words. */
  prompt(day: StoryDay, signal: AbortSignal): Promise<Made<string>>;
  /** At most eight. */
  keywords(day: StoryDay, signal: AbortSignal): Promise<Made<readonly string[]>>;
  /** At most three. */
  similarEvents(description: string, signal: AbortSignal): Promise<Made<readonly string[]>>;
  /** The same picture, fit for children. */
  sanitize(prompt: string, signal: AbortSignal): Promise<Made<string>>;
  enhance(day: StoryDay, signal: AbortSignal): Promise<Made<EnhancedEvent>>;
}

export const MOST_KEYWORDS = 8;
export const FEWEST_KEYWORDS = 5;
export const MOST_SUGGESTIONS = 3;
/** An enhanced prompt has fewer words than this. */
export const PROMPT_WORDS = 150;

/** The first words of a text, up to the end of a sentence where one ends in the second half of them. */
export function clippedToWords(text: string, fewerThan: number): string {
  const words = text.trim().match(/\S+\s*/g) ?? [];
  if (words.length < fewerThan) return text.trim();
  const kept = words
    .slice(0, fewerThan - 1)
    .join('')
    .trim();
  const end = Math.max(...['.', '!', '?', '…'].map((mark) => kept.lastIndexOf(mark)));
  return end > kept.length / 2 ? kept.slice(0, end + 1) : kept;
}
