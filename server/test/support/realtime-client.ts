import { once } from 'node:events';
import { WebSocket } from 'ws';
import { bytesOf, samplesOf } from '../../src/platform/audio/pcm.js';
import { eventually } from './servers.js';

// biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
export type AnyEvent = any;

/** A plain client of the Realtime protocol that remembers everything it hears. */
export interface RealtimeClient {
  readonly socket: WebSocket;
  readonly events: readonly AnyEvent[];
  /** Types in order; repeats in a row are one. */
  types(): string[];
  send(event: Readonly<Record<string, unknown>>): void;
  /** Speech at the session's rate, in pieces of 100 ms. */
  say(samples: Int16Array): void;
  /** The nth event of a type, waited for. */
  event(type: string, nth?: number): Promise<AnyEvent>;
  ofType(type: string): AnyEvent[];
  /** All audio of an answer, joined. */
  audio(type?: string): Int16Array;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): Promise<void>;
}

export interface RealtimeOptions {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** @param url of the server, `http:`. @throws Error with the status of a refusal */
export async function openRealtime(
  url: string,
  { query = 'model=gpt-realtime', headers = {}, protocols = [] }: RealtimeOptions = {},
): Promise<RealtimeClient> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/realtime?${query}`, [...protocols], {
    headers,
  });
  const events: AnyEvent[] = [];
  socket.on('message', (data) => events.push(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  closed.catch(() => {});
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const ofType = (type: string) => events.filter((event) => event.type === type);
  const client: RealtimeClient = {
    socket,
    events,
    types: () => events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]),
    send: (event) => socket.send(JSON.stringify(event)),
    say: (samples) => {
      for (let from = 0; from < samples.length; from += 2_400) {
        const audio = Buffer.from(bytesOf(samples.slice(from, from + 2_400))).toString('base64');
        client.send({ type: 'input_audio_buffer.append', audio });
      }
    },
    event: async (type, nth = 0) => {
      await eventually(
        async () => ofType(type).length,
        (count) => count > nth,
      );
      return ofType(type)[nth];
    },
    ofType,
    audio: (type = 'response.output_audio.delta') =>
      samplesOf(Buffer.concat(ofType(type).map(({ delta }) => Buffer.from(delta, 'base64')))),
    closed,
    close: async () => {
      if (socket.readyState !== WebSocket.CLOSED) {
        socket.close();
        await closed;
      }
    },
  };
  return client;
}
