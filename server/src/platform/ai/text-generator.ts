import type { Static, TSchema } from 'typebox';

/** A picture to look at, for models that see. */
export interface TextImage {
  readonly data: Uint8Array;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
}

/** A call that the model asks for. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as the model wrote them: JSON text, not checked against the tool's schema. */
  readonly arguments: string;
}

export type TextMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string; readonly images?: readonly TextImage[] }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  /** What a tool answered. */
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string };

/** A function that the model may ask to be called. */
export interface TextTool {
  readonly name: string;
  readonly description?: string;
  /** A JSON schema of type `object`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface TextOptions {
  /** The most tokens of the answer. */
  readonly maxTokens?: number;
  /** 0 (always the likeliest word) to 2. */
  readonly temperature?: number;
  readonly tools?: readonly TextTool[];
  /** Default `auto`; `name` = this tool and no other. */
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string };
  /** The upstream's model, where the caller may choose it; else the server's. */
  readonly model?: string;
  /** The caller's own key for the upstream, used for this call only. */
  readonly apiKey?: string;
  /** IANA name of the asker's time zone, for the engine that tells the time by itself; default UTC. */
  readonly timeZone?: string;
  readonly signal?: AbortSignal;
}

export interface TextUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** `length`: cut off at `maxTokens`; `content_filter`: refused for what it is about. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export interface TextEnd {
  readonly finishReason: FinishReason;
  /** Null when the engine does not count. */
  readonly usage: TextUsage | null;
  /** The model that answered. */
  readonly model: string;
}

export interface TextResult extends TextEnd {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
}

export interface JsonResult<T> extends TextEnd {
  readonly value: T;
}

/** What a stream yields; `end` comes last and once, complete tool calls right before it. */
export type TextEvent =
  | { readonly type: 'text'; readonly text: string }
  /** A piece of a tool call's arguments; `index` tells the calls of one answer apart. */
  | {
      readonly type: 'tool-call-delta';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | { readonly type: 'tool-call'; readonly index: number; readonly call: ToolCall }
  | ({ readonly type: 'end' } & TextEnd);

/**
 * Writes text from a conversation. Everything throws AppError with words fit for the user (401 refused key, 403 model not
 * allowed, 429 with `retryAfterSeconds`, 502 unusable answer, 503 away, 504 too slow), and the signal's reason when the
 * signal is aborted.
 */
export interface TextGenerator {
  readonly engine: 'builtin' | 'openai';
  /** The model that answers when the caller names none. */
  readonly model: string;
  /** The whole answer. */
  text(messages: readonly TextMessage[], options?: TextOptions): Promise<TextResult>;
  /**
   * An answer that satisfies the schema, checked. Tools are not offered.
   *
   * @throws AppError `NO_LANGUAGE_MODEL` from the built-in engine: apps have rules of their own for it
   */
  json<Schema extends TSchema>(
    messages: readonly TextMessage[],
    schema: Schema,
    options?: TextOptions,
  ): Promise<JsonResult<Static<Schema>>>;
  /** The answer piece by piece, as it is written. Leaving the iteration stops the upstream. */
  stream(messages: readonly TextMessage[], options?: TextOptions): AsyncIterable<TextEvent>;
  /** The names of all models that may be asked for, from engines that have several. Throws AppError. */
  models?(options?: Pick<TextOptions, 'apiKey' | 'signal'>): Promise<readonly string[]>;
}
