const prefix = 'earshot.support.draft.';

/** What was begun in a conversation and not sent. */
export function storedDraft(conversationId: string): string {
  try {
    return sessionStorage.getItem(prefix + conversationId) ?? '';
  } catch {
    return '';
  }
}

/** Keeps what was begun until the tab is closed; an empty text forgets it. */
export function keepDraft(conversationId: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(prefix + conversationId, text);
    else sessionStorage.removeItem(prefix + conversationId);
  } catch {
    // Without storage a draft lasts as long as its conversation is open.
  }
}
