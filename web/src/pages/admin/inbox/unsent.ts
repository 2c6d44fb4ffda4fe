/** The operator's own words that the server has not taken yet. */
export interface UnsentMessage {
  readonly localId: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is unsent in each conversation, kept until the tab is closed, so that a reload loses nothing. */
export interface Unsent {
  in(conversationId: string): readonly UnsentMessage[];
  keep(conversationId: string, message: UnsentMessage): void;
  /** The server has these. */
  forget(conversationId: string, localIds: readonly string[]): void;
}

/** @param operatorId whose words they are: nobody else who signs in here is shown them */
export function openUnsent(operatorId: string): Unsent {
  const key = `earshot.support.unsent.${operatorId}`;
  const byConversation = new Map(stored(key));
  const change = (conversationId: string, messages: readonly UnsentMessage[]): void => {
    if (messages.length > 0) byConversation.set(conversationId, messages);
    else byConversation.delete(conversationId);
    try {
      sessionStorage.setItem(key, JSON.stringify([...byConversation]));
    } catch {
      // Without storage they last as long as the page.
    }
  };
  return {
    in: (conversationId) => byConversation.get(conversationId) ?? [],
    keep: (conversationId, message) =>
      change(conversationId, [...(byConversation.get(conversationId) ?? []), message]),
    forget: (conversationId, localIds) => {
      const known = byConversation.get(conversationId);
      const left = known?.filter(({ localId }) => !localIds.includes(localId));
      if (known && left && left.length < known.length) change(conversationId, left);
    },
  };
}

function stored(key: string): [string, readonly UnsentMessage[]][] {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '[]') as [string, readonly UnsentMessage[]][];
  } catch {
    return [];
  }
}
