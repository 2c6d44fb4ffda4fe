import { type ChatMessage, fromWire, merge, type WireMessage } from '../../../chat/messages.ts';

/** One conversation's messages as far as they were asked for. */
export interface Thread {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly messages: readonly ChatMessage[];
  /** Leads to older messages; null at the beginning of the conversation. */
  readonly older: number | null;
  readonly isLoadingOlder: boolean;
  /** Why a message was not taken, by its local id. */
  readonly failures: ReadonlyMap<string, string>;
}

export const emptyThread: Thread = {
  phase: 'loading',
  messages: [],
  older: null,
  isLoadingOlder: false,
  failures: new Map(),
};

export function withMessages(thread: Thread, messages: readonly WireMessage[]): Thread {
  const more = messages.map(fromWire);
  const failures = new Map(thread.failures);
  for (const { localId } of more) failures.delete(localId);
  return { ...thread, failures, messages: merge(thread.messages, more) };
}

/** The operator's own words, shown before the server has them. */
export const withPending = (
  thread: Thread,
  localId: string,
  body: string,
  operatorId: string,
  at: number,
): Thread => ({
  ...thread,
  messages: merge(thread.messages, [
    { localId, id: null, body, sender: 'agent', at, status: 'SENDING', sequence: null, operatorId },
  ]),
});

/** Says why sending failed, or, with null, that it is tried again. */
export function withFailure(thread: Thread, localId: string, because: string | null): Thread {
  const failures = new Map(thread.failures);
  if (because === null) failures.delete(localId);
  else failures.set(localId, because);
  return { ...thread, failures };
}

/** The newest message of the visitor that the server knows. */
export const newestOfVisitor = ({ messages }: Thread): ChatMessage | undefined =>
  messages.findLast(({ sender, id }) => sender === 'user' && id !== null);
