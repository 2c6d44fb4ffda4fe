/** What a summary is made from. */
export interface SummaryRequest {
  /** In order; `speaker` is a name, `You` for the user. */
  readonly lines: readonly { readonly speaker: string; readonly text: string }[];
  /** What the photos show. */
  readonly photos: readonly string[];
  /** Language code of the conversation, null when nobody said. */
  readonly language: string | null;
  /** IANA name. */
  readonly timeZone: string;
  /** Epoch milliseconds: "tomorrow" counts from here. */
  readonly startedAt: number;
  /** True when the user asked for it: then it is never discarded. */
  readonly keep: boolean;
  /** To-dos of the last two days, which are not to be repeated. */
  readonly knownItems: readonly string[];
}

/** What is kept of a conversation beside its transcript: contract §4.8. */
export interface ConversationDigest {
  /** Nothing worth keeping was said. */
  readonly discarded: boolean;
  readonly title: string;
  readonly overview: string;
  /** One. */
  readonly emoji: string;
  readonly category: string;
  readonly actionItems: readonly { readonly description: string; readonly dueAt: number | null }[];
  readonly events: readonly {
    readonly title: string;
    /** Epoch milliseconds. */
    readonly start: number;
    /** Minutes. */
    readonly duration: number;
    readonly description: string;
  }[];
  /** New facts about the user. */
  readonly memories: readonly { readonly content: string; readonly category: 'interesting' | 'system' }[];
}

/** Makes summaries. Throws AppError; what is of the passing kind is tried again later. */
export interface Summarizer {
  summarize(request: SummaryRequest, signal: AbortSignal): Promise<ConversationDigest>;
}

/** Contract §4.8: more words than these are always kept, shorter texts than these hold no facts. */
export const KEPT_WORDS = 100;
export const FACTS_FROM_CHARACTERS = 25;
export const MOST_MEMORIES = 4;

export const wordCount = (text: string): number => text.split(/\s+/u).filter(Boolean).length;

export const transcriptOf = ({ lines }: Pick<SummaryRequest, 'lines'>): string =>
  lines.map(({ speaker, text }) => `${speaker}: ${text}`).join('\n');
