import type { Static, TSchema } from 'typebox';

export interface TextMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface TextOptions {
  /** The most tokens of the answer. */
  readonly maxTokens?: number;
  /** 0 (always the likeliest word) to 2. */
  readonly temperature?: number;
  readonly signal?: AbortSignal;
}

/** Writes text from a conversation. Every method throws AppError with words fit for the user. */
export interface TextGenerator {
  /** The whole answer. */
  text(messages: readonly TextMessage[], options?: TextOptions): Promise<string>;
  /** An answer that satisfies the schema. */
  json<Schema extends TSchema>(
    messages: readonly TextMessage[],
    schema: Schema,
    options?: TextOptions,
  ): Promise<Static<Schema>>;
  /** The answer piece by piece, as it is written. */
  stream(messages: readonly TextMessage[], options?: TextOptions): AsyncIterable<string>;
}
