import type { StoryGenerate } from '../wire/generation.js';

/**
 * Something that the server's intelligence shall make as soon as it can be reached. It is kept as a wish, never faked.
 * References are local ids. The id is the idempotency key, so a lost answer does not pay twice.
 */
export type GenerationIntent = {
  readonly id: string;
  readonly createdAt: number;
  readonly error: string | null;
  /** The server refused it, or failed too often; a person may try it again. */
  readonly failed: boolean;
  readonly attemptCount: number;
} & GenerationWish;

export type GenerationWish =
  | { readonly kind: 'story'; readonly request: StoryGenerate }
  | { readonly kind: 'audio'; readonly storyId: string; readonly language: string; readonly voice: string }
  | {
      readonly kind: 'illustrations';
      readonly storyId: string;
      readonly style?: 'standard' | 'hd';
      readonly maxIllustrations?: number;
    }
  | { readonly kind: 'avatar'; readonly heroId: string; readonly prompt?: string };
