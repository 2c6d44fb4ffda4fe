import type { StoreTransaction } from '../stores/local-store.js';
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

/** What was wished for one record is wished for another one: the two turned out to be the same. */
export async function moveIntents(tx: StoreTransaction, from: string, to: string): Promise<void> {
  const moved = (id: string): string => (id === from ? to : id);
  for (const intent of await tx.all('intents')) {
    if (intent.kind === 'avatar') await tx.put('intents', { ...intent, heroId: moved(intent.heroId) });
    else if (intent.kind === 'story') {
      const { heroId, customEventId, ...request } = intent.request;
      const event = customEventId === undefined ? {} : { customEventId: moved(customEventId) };
      await tx.put('intents', { ...intent, request: { ...request, ...event, heroId: moved(heroId) } });
    } else await tx.put('intents', { ...intent, storyId: moved(intent.storyId) });
  }
}
