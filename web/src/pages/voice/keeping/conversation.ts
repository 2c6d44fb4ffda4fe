import type { Conversation, Message } from '../talk/talk.ts';

const KEY = 'voice.conversation.v1';
const MAX_MESSAGES = 200;
/** Of UTF-16, as browsers count it. */
const MAX_BYTES = 1_000_000;

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const newConversation = (): Conversation => ({ id: randomId(), startedAt: Date.now(), messages: [] });

/** Unlike `crypto.randomUUID` it is there on pages without HTTPS too. */
export const randomId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The conversation that this device keeps; what is corrupt or of somebody else's making counts as none. */
export function loadConversation(storage: () => Kept = () => localStorage): Conversation {
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEY) ?? 'null');
    if (isConversation(kept))
      return { id: kept.id, startedAt: kept.startedAt, messages: kept.messages.map(atRest) };
  } catch {
    // Storage may be forbidden, or hold anything.
  }
  return newConversation();
}

/** Keeps the newest messages that fit. Where nothing may be kept, the conversation lasts for the visit. */
export function keepConversation(
  { id, startedAt, messages }: Conversation,
  storage: () => Kept = () => localStorage,
): void {
  try {
    if (messages.length === 0) storage().removeItem(KEY);
    else storage().setItem(KEY, JSON.stringify({ id, startedAt, messages: newest(messages) }));
  } catch {
    // Forbidden or full: memory must do.
  }
}

/** The newest messages within the bounds of the contract. */
export function newest(messages: readonly Message[]): readonly Message[] {
  let bytes = 200;
  let start = messages.length;
  while (start > 0 && messages.length - start < MAX_MESSAGES) {
    bytes += 2 * (JSON.stringify(messages[start - 1]).length + 1);
    if (bytes > MAX_BYTES) break;
    start -= 1;
  }
  return messages.slice(start);
}

/** Nobody waits any more for what was under way when the page was left. */
const atRest = (message: Message): Message =>
  message.status === 'pending'
    ? { ...message, status: message.sender === 'user' ? 'unanswered' : 'interrupted' }
    : message;

const statuses: readonly unknown[] = ['pending', 'done', 'unanswered', 'interrupted'];

function isConversation(kept: unknown): kept is Conversation {
  if (typeof kept !== 'object' || kept === null) return false;
  const { id, startedAt, messages } = kept as Partial<Record<keyof Conversation, unknown>>;
  return (
    typeof id === 'string' &&
    id.length <= 64 &&
    id !== '' &&
    typeof startedAt === 'number' &&
    Array.isArray(messages) &&
    messages.length <= MAX_MESSAGES &&
    messages.every(isMessage)
  );
}

function isMessage(kept: unknown): kept is Message {
  if (typeof kept !== 'object' || kept === null) return false;
  const { id, sender, text, at, status } = kept as Partial<Record<keyof Message, unknown>>;
  return (
    typeof id === 'string' &&
    (sender === 'user' || sender === 'bot') &&
    typeof text === 'string' &&
    typeof at === 'number' &&
    statuses.includes(status)
  );
}
