export type MessageStatus = 'QUEUED' | 'SENDING' | 'SENT' | 'DELIVERED' | 'READ' | 'FAILED';

/** A message as the server sends it (contract §3.2, §3.4). */
export interface WireMessage {
  readonly id: string;
  readonly local_id: string;
  readonly conversation_id: string;
  readonly body: string;
  readonly sender: 'user' | 'agent' | 'system';
  readonly created_at: string;
  readonly status: MessageStatus;
  readonly sequence?: number;
  /** Who of the team wrote it; told to operators only. */
  readonly operator_id?: string | null;
}

/** A message as a page or widget keeps it. */
export interface ChatMessage {
  readonly localId: string;
  /** Null until the server has it. */
  readonly id: string | null;
  readonly body: string;
  readonly sender: WireMessage['sender'];
  /** Epoch milliseconds. */
  readonly at: number;
  readonly status: MessageStatus;
  /** Null until the server has it. */
  readonly sequence: number | null;
  readonly operatorId: string | null;
}

const rank: Readonly<Record<MessageStatus, number>> = {
  FAILED: 0,
  QUEUED: 0,
  SENDING: 1,
  SENT: 2,
  DELIVERED: 3,
  READ: 4,
};
export function fromWire(message: WireMessage): ChatMessage {
  const at = Date.parse(message.created_at);
  return {
    localId: message.local_id || message.id,
    id: message.id,
    body: message.body,
    sender: message.sender,
    at: Number.isNaN(at) ? Date.now() : at,
    status: message.status,
    sequence: message.sequence ?? null,
    operatorId: message.operator_id ?? null,
  };
}

function joined(mine: ChatMessage, other: ChatMessage): ChatMessage {
  const known = other.id ? other : mine;
  const status =
    mine.id === null && other.id === null
      ? other.status
      : rank[other.status] > rank[mine.status]
        ? other.status
        : mine.status;
  return { ...known, status, id: known.id ?? mine.id, sequence: known.sequence ?? mine.sequence };
}

/** In the server's order; what it does not have yet comes last, oldest first. */
function byPlace(a: ChatMessage, b: ChatMessage): number {
  if (a.sequence !== null && b.sequence !== null) return a.sequence - b.sequence;
  if (a.sequence === null && b.sequence === null) return a.at - b.at;
  return a.sequence === null ? 1 : -1;
}

/** One list out of two, one entry per local id; a status never goes back. */
export function merge(known: readonly ChatMessage[], more: readonly ChatMessage[]): readonly ChatMessage[] {
  const byLocalId = new Map(known.map((message) => [message.localId, message]));
  for (const message of more) {
    const mine = byLocalId.get(message.localId);
    byLocalId.set(message.localId, mine ? joined(mine, message) : message);
  }
  return [...byLocalId.values()].sort(byPlace);
}

/** Raises the status of the messages with these server ids. */
export function withStatus(
  known: readonly ChatMessage[],
  ids: ReadonlySet<string>,
  status: MessageStatus,
): readonly ChatMessage[] {
  return known.map((message) =>
    message.id !== null && ids.has(message.id) && rank[status] > rank[message.status]
      ? { ...message, status }
      : message,
  );
}

/** The highest sequence seen: where `/sync` goes on. */
export function cursorOf(known: readonly ChatMessage[]): number {
  return known.reduce((highest, { sequence }) => Math.max(highest, sequence ?? 0), 0);
}

/**
 * Where to ask again after a gap: before the oldest recent message of the visitor's own whose READ is still to come,
 * because a sync from the cursor tells nothing about those.
 */
export function syncFrom(known: readonly ChatMessage[]): number {
  const waiting = known
    .slice(-50)
    .find(({ sender, status, sequence }) => sender === 'user' && sequence !== null && status !== 'READ');
  return waiting?.sequence ? waiting.sequence - 1 : cursorOf(known);
}
