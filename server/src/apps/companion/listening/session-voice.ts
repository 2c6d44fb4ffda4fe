import type { WholeConversation } from '../services.js';
import type { SegmentRow } from '../tables.js';

/** What a listening session has to say; each protocol puts it in its own words. */
export type SessionNews =
  | { readonly kind: 'status'; readonly status: string; readonly text?: string }
  | { readonly kind: 'last'; readonly conversationId: string }
  | { readonly kind: 'segments'; readonly conversationId: string; readonly segments: readonly SegmentRow[] }
  | { readonly kind: 'translating'; readonly segments: readonly SegmentRow[] }
  | { readonly kind: 'processing' | 'created'; readonly conversation: WholeConversation }
  | { readonly kind: 'photo-received'; readonly temporaryId: string; readonly photoId: string }
  | {
      readonly kind: 'photo-described';
      readonly photoId: string;
      readonly description: string;
      readonly discarded: boolean;
    }
  | {
      readonly kind: 'speaker';
      readonly speaker: string;
      readonly personId: string;
      readonly personName: string;
      readonly segmentId: string;
    };

export interface SessionVoice {
  tell(news: SessionNews): void;
  /** The session cannot go on. */
  end(code: 1001 | 1011, reason: string): void;
}
