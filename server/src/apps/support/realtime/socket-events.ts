import type { Socket } from 'socket.io';
import { Allowance } from './allowance.js';
import { type Acknowledge, failureCode } from './dispatch.js';
import type { EventTable } from './handlers.js';
import type { RealtimeParts } from './parts.js';

/** Complaints to one socket: enough to be found in a log, too few to make us talk. */
const COMPLAINT_INTERVAL_MS = 1_000;

/**
 * Checks, limits and handles whatever a socket sends. One listener, because there are ten thousand sockets; added while
 * it connects, so that not even its first packet is missed.
 *
 * @param isHere false once the socket has gone or was dropped: nothing of it counts then
 * @param turn what its first event waits for; the others wait for each other, so that what is sent last counts last
 * @param onRefusal told of every event that was not done
 */
export function handleEvents<Subject extends { readonly connectionId: string }>(
  { clock, log, metrics }: Pick<RealtimeParts, 'clock' | 'log' | 'metrics'>,
  socket: Socket,
  subject: Subject,
  table: EventTable<Subject>,
  isHere: () => boolean,
  turn: Promise<void> = Promise.resolve(),
  onRefusal: (event: string, code: string) => void = () => {},
): void {
  const allowance = new Allowance(clock.now());
  let complainedAt = 0;
  let last = turn;
  socket.onAny((name: unknown, ...args: unknown[]) => {
    if (!isHere()) return;
    const acknowledge = acknowledgementOf(args);
    const refuse = (code: string, message: string): void => {
      onRefusal(String(name), code);
      if (acknowledge) {
        acknowledge({ success: false, error: code });
        return;
      }
      const now = clock.now();
      if (now - complainedAt < COMPLAINT_INTERVAL_MS) return;
      complainedAt = now;
      socket.emit('error', { code, message });
    };
    const verdict = allowance.take(clock.now());
    if (verdict !== 'allowed') {
      refuse('RATE_LIMIT_EXCEEDED', 'Too many events');
      if (verdict === 'abused') socket.conn.close();
      return;
    }
    const event = typeof name === 'string' ? table.get(name) : undefined;
    metrics.eventsIn.inc({ namespace: socket.nsp.name, event: event ? String(name) : 'other' });
    if (!event) return;
    const payload = typeof args[0] === 'function' ? undefined : args[0];
    if (!event.accepts(payload)) {
      const code = isAbsent(payload) ? event.absent : undefined;
      refuse(code ?? 'VALIDATION_ERROR', `The payload of ${String(name)} is not valid`);
      return;
    }
    last = last
      .then(() => (isHere() ? event.handle(subject, payload, acknowledge ?? (() => {})) : undefined))
      .catch((error: unknown) => {
        const code = failureCode(error, log, { event: name, connection_id: subject.connectionId });
        refuse(code, `${String(name)} could not be done`);
      });
  });
}

/** An event's acknowledgement is its last argument, when its sender wants one. */
function acknowledgementOf(args: readonly unknown[]): Acknowledge | null {
  const last = args.at(-1);
  return typeof last === 'function' ? (answer) => void last(answer) : null;
}

/** `""`, `{}` and `{conversation_id: null}` name nothing, as no payload does. */
function isAbsent(payload: unknown): boolean {
  if (payload === undefined || payload === null || payload === '') return true;
  if (typeof payload !== 'object' || Array.isArray(payload)) return false;
  return (
    !('conversation_id' in payload) || payload.conversation_id === null || payload.conversation_id === ''
  );
}
