import { deviceToken } from '../keeping/device-token.ts';
import type { Message } from '../talk/talk.ts';
import { eventsOf } from './events.ts';
import { askJson, Failure, troubleOf } from './requests.ts';

/** What the server takes into account of what was said before. */
const HISTORY_ITEMS = 40;

export interface Question {
  readonly text: string;
  /** What was said before it. */
  readonly before: readonly Message[];
  /** Given when the server is to keep the turn. */
  readonly keptAs: string | null;
}

/**
 * Asks the assistant and yields its words as they come.
 *
 * @throws Failure, also for an answer that breaks off
 */
export async function* answersTo(
  { text, before, keptAs }: Question,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const history = before
    .filter(({ status }) => status === 'done' || status === 'interrupted')
    .slice(-HISTORY_ITEMS)
    .map((message) => ({ role: message.sender === 'user' ? 'user' : 'assistant', content: message.text }));
  const response = await askJson(
    '/api/conversation',
    { message: text, history, stream: true, ...(keptAs === null ? {} : { sessionId: keptAs }) },
    signal,
    keptAs === null ? {} : { 'x-device-token': deviceToken() },
  );
  try {
    for await (const { event, data } of eventsOf(response)) {
      const body = JSON.parse(data) as { text?: string; code?: string; message?: string };
      if (event === 'delta') yield body.text ?? '';
      else if (event === 'done') return;
      else if (event === 'error') throw new Failure(troubleOf(0, body.code ?? '', body.message ?? '', null));
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    throw new Failure({ phase: navigator.onLine ? 'upstream-down' : 'offline' });
  }
  throw new Failure({ phase: navigator.onLine ? 'upstream-down' : 'offline' });
}
