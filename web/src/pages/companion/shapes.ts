/** The companion's objects as far as the page reads them (contract companion §6). Instants are ISO texts. */
export interface Segment {
  readonly id: string;
  readonly text: string;
  readonly speaker: string;
  readonly is_user: boolean;
  readonly person_id: string | null;
  /** Seconds from the beginning of the conversation. */
  readonly start: number;
  readonly end: number;
}

export interface Conversation {
  readonly id: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly status: 'in_progress' | 'processing' | 'completed' | 'failed';
  readonly discarded: boolean;
  readonly structured: {
    readonly title: string;
    readonly overview: string;
    readonly emoji: string;
    readonly category: string;
    readonly action_items: readonly { readonly description: string; readonly completed: boolean }[];
  };
  readonly transcript_segments: readonly Segment[];
}

export interface ActionItem {
  readonly id: string;
  readonly description: string;
  readonly completed: boolean;
  readonly due_at: string | null;
  readonly conversation_id: string | null;
}

export interface Memory {
  readonly id: string;
  readonly content: string;
  readonly category: string;
  readonly created_at: string;
  readonly manually_added: boolean;
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface Message {
  readonly id: string;
  readonly text: string;
  readonly sender: 'ai' | 'human';
  readonly created_at: string;
  readonly memories?: readonly {
    readonly id: string;
    readonly structured: { readonly title: string; readonly emoji: string };
  }[];
}

export interface Account {
  readonly id: string;
  readonly name: string | null;
  readonly email: string;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly key_prefix?: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
}
