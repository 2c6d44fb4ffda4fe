import { WebSocket } from 'ws';
import { prefixedId } from '../../../platform/ids.js';
import type { RealtimeSession } from '../realtime-sessions/configuration.js';
import { isMembers } from '../realtime-sessions/configuration.js';
import type { RealtimeEvent } from './events.js';
import { createTurnClock, type TurnClock } from './turn-clock.js';

/** The client's side, as the proxy sees it. */
export interface ProxyClient {
  readonly socket: WebSocket;
  /**
   * Translates and sends an event of the upstream's; it goes as it is when the dialect is the same.
   *
   * @param sent called once it has left, for back-pressure
   */
  deliver(raw: string, sent: () => void): void;
  /** Sends an event of our own. */
  send(event: RealtimeEvent): void;
  /** Who takes the client's messages from now on, those that came before included. */
  receiveBy(receive: (data: Buffer, isBinary: boolean) => void): void;
  /** Null when the client speaks the upstream's dialect, so that its messages go as they are. */
  readonly translate: ((text: string) => string | null) | null;
  close(code: number, reason: string): void;
}

/** Above this the side that sends too fast is not read any more, below the second it is again (contract §8.8). */
const HIGH_WATER = 4 * 1024 * 1024;
const LOW_WATER = 1024 * 1024;
/** Where the type of an event is found without parsing: providers write it first or nearly so. */
const TYPE = /"type"\s*:\s*"([\w.]+)"/;

/**
 * Passes everything between a client and an upstream of the current dialect, without understanding more of it than it
 * has to: unknown events go through untouched. Both sides end together.
 *
 * @param upstream open, and paused
 * @param session what the maker of the client's secret has configured
 */
export function proxyRealtime(
  client: ProxyClient,
  upstream: WebSocket,
  {
    session,
    apiKey,
    now,
  }: {
    readonly session: RealtimeSession | undefined;
    readonly apiKey: string | undefined;
    readonly now: () => number;
  },
): void {
  const turns = createTurnWatch(now, client.send);
  /** The upstream's `session.created`, until it can be told. */
  let held: Buffer | 'told' | undefined;
  const isConfigured = session !== undefined && Object.keys(session).length > 1;

  const pass = (from: WebSocket, to: WebSocket, message: string | Buffer) => {
    if (to.readyState !== WebSocket.OPEN) return;
    to.send(message, { binary: false }, () => {
      if (from.isPaused && to.bufferedAmount < LOW_WATER) from.resume();
    });
    if (to.bufferedAmount > HIGH_WATER) from.pause();
  };
  const toClient = (raw: Buffer) => {
    const text = withoutKey(raw, apiKey);
    turns.upstream(text);
    client.deliver(text, () => {
      if (upstream.isPaused && client.socket.bufferedAmount < LOW_WATER) upstream.resume();
    });
    if (client.socket.bufferedAmount > HIGH_WATER) upstream.pause();
  };

  upstream.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) return;
    if (isConfigured && held === undefined) {
      // What the secret's maker has configured holds before the client hears that there is a session.
      held = data;
      const { model: _, ...rest } = session;
      upstream.send(
        JSON.stringify({ type: 'session.update', event_id: prefixedId('event_'), session: rest }),
      );
      return;
    }
    if (held && held !== 'told') {
      const created = held;
      held = 'told';
      if (typeOf(data) === 'session.updated') return toClient(asCreated(created, data));
      toClient(created);
    }
    toClient(data);
  });
  client.receiveBy((data, isBinary) => {
    if (isBinary) return;
    const text = client.translate ? client.translate(String(data)) : data;
    if (text === null) return;
    turns.client(text);
    pass(client.socket, upstream, text);
  });
  upstream.on('close', (code, reason) => client.close(closeCode(code), withoutKey(reason, apiKey)));
  upstream.on('error', () => client.close(1011, 'upstream connection failed'));
  client.socket.on('close', (code) => {
    upstream.close(closeCode(code));
    setTimeout(() => upstream.terminate(), 1_000).unref();
  });
  upstream.resume();
}

/** `session.created` with what holds after the update. */
function asCreated(created: Buffer, updated: Buffer): Buffer {
  const first: unknown = JSON.parse(String(created));
  const second: unknown = JSON.parse(String(updated));
  if (!isMembers(first) || !isMembers(second)) return created;
  return Buffer.from(JSON.stringify({ ...first, session: second.session }));
}

const typeOf = (message: string | Buffer): string | undefined =>
  TYPE.exec(typeof message === 'string' ? message.slice(0, 400) : message.toString('utf8', 0, 400))?.[1];

/** 1005 and 1006 are not sent over a wire, they only say that nothing was. */
const closeCode = (code: number): number =>
  code === 1000 ||
  (code >= 3000 && code <= 4999) ||
  (code >= 1001 && code <= 1014 && ![1004, 1005, 1006].includes(code))
    ? code
    : code === 1005
      ? 1000
      : 1011;

/** Providers repeat a wrong key, whole or in part (contract §7). */
function withoutKey(raw: Buffer, apiKey: string | undefined): string {
  const text = String(raw);
  const isError = text.length < 8_192 && text.includes('"error"');
  const clean = apiKey !== undefined && text.includes(apiKey) ? text.replaceAll(apiKey, '[key]') : text;
  return isError ? clean.replace(/\b(sk|ek)[-_][\w*.-]+/g, '[key]') : clean;
}

/** Measures the turns that pass by. */
function createTurnWatch(now: () => number, send: (event: RealtimeEvent) => void) {
  let clock: TurnClock | undefined;
  const begin = () => {
    clock = createTurnClock(prefixedId('turn_'), now);
  };
  return {
    client: (message: string | Buffer) => {
      // Audio is most of what passes, and none of it begins a turn.
      if (message.length < 65_536 && typeOf(message) === 'response.create') begin();
    },
    upstream: (text: string) => {
      const type = typeOf(text);
      if (type === 'input_audio_buffer.speech_stopped') begin();
      else if (type?.endsWith('audio.delta')) clock?.reach('first_audio_ms');
      else if (type?.endsWith('.delta') && type.startsWith('response.output')) clock?.reach('first_text_ms');
      else if (type?.endsWith('input_audio_transcription.completed')) clock?.reach('transcript_ms');
      else if (type === 'response.done' && clock) {
        clock.reach('done_ms');
        const done = clock;
        clock = undefined;
        const id = /"id"\s*:\s*"(resp_[\w-]+)"/.exec(text)?.[1];
        // After the event itself.
        queueMicrotask(() => send(done.report(id ?? '')));
      }
    },
  };
}
