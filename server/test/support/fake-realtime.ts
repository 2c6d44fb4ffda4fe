import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export type FakeRealtimeBehaviour =
  /** A session, and an answer of some audio to each `response.create`. */
  | { readonly kind: 'ok' }
  /** Refuses the upgrade; the body repeats the caller's key. */
  | { readonly kind: 'status'; readonly status: number }
  /** Answers a `response.create` with an error that repeats the caller's key, whole and in part. */
  | { readonly kind: 'echo-key' }
  /** Closes in mid-word with this code. */
  | { readonly kind: 'close'; readonly code: number }
  /** Takes the connection and never answers it. */
  | { readonly kind: 'hang' }
  /** Sends text that is no JSON, then goes on. */
  | { readonly kind: 'garbage' }
  /** Sends so many megabytes of audio as fast as it can. */
  | { readonly kind: 'flood'; readonly megabytes: number };

export interface FakeRealtime {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly connections: readonly FakeConnection[];
  behave(behaviour: FakeRealtimeBehaviour): void;
  close(): Promise<void>;
}

export interface FakeConnection {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  readonly events: readonly any[];
  readonly socket: WebSocket;
  /** Set when it has ended. */
  closed?: { readonly code: number; readonly at: number };
}

/** What 100 ms of the answer sounds like. */
export const answerAudio = Buffer.alloc(4_800, 7).toString('base64');

/** A Realtime upstream of the current dialect on the loopback interface, which can misbehave. */
export async function startFakeRealtime(): Promise<FakeRealtime> {
  let behaviour: FakeRealtimeBehaviour = { kind: 'ok' };
  const connections: FakeConnection[] = [];
  const raws = new Set<Duplex>();
  const server = createServer((_request, response) => response.writeHead(404).end());
  const upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, raw, head) => {
    const { headers, url = '' } = request;
    raws.add(raw);
    raw.on('close', () => raws.delete(raw)).on('error', () => raw.destroy());
    if (behaviour.kind === 'hang') return;
    if (behaviour.kind === 'status' || !url.startsWith('/v1/realtime?')) {
      const status = behaviour.kind === 'status' ? behaviour.status : 404;
      raw.end(
        `HTTP/1.1 ${status} Refused\r\ncontent-length: 60\r\n\r\n${`${headers.authorization}`.padEnd(60)}`,
      );
      return;
    }
    upgrader.handleUpgrade(request, raw, head, (socket) => {
      const events: unknown[] = [];
      const connection: FakeConnection = { url, headers, events, socket };
      connections.push(connection);
      socket.on('close', (code) => {
        connection.closed = { code, at: Date.now() };
      });
      serveConnection(socket, events, () => behaviour, headers.authorization?.slice('Bearer '.length) ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    connections,
    behave: (next) => {
      behaviour = next;
    },
    close: async () => {
      for (const raw of raws) raw.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serveConnection(
  socket: WebSocket,
  events: unknown[],
  behaviour: () => FakeRealtimeBehaviour,
  key: string,
): void {
  let session: Record<string, unknown> = {
    id: 'sess_up',
    object: 'realtime.session',
    type: 'realtime',
    model: 'gpt-realtime',
    output_modalities: ['audio'],
    instructions: 'from upstream',
    audio: {
      input: { format: { type: 'audio/pcm', rate: 24_000 }, turn_detection: { type: 'server_vad' } },
      output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin' },
    },
  };
  let count = 0;
  const send = (type: string, members: object = {}) => {
    count += 1;
    socket.send(JSON.stringify({ type, event_id: `event_up_${count}`, ...members }));
  };
  send('session.created', { session });
  socket.on('message', (data) => {
    const event = JSON.parse(String(data));
    events.push(event);
    if (event.type === 'session.update') {
      session = { ...session, ...event.session };
      send('session.updated', { session });
    } else if (event.type === 'conversation.item.create') {
      const item = { id: 'item_up_user', object: 'realtime.item', status: 'completed', ...event.item };
      send('conversation.item.added', { item, previous_item_id: null });
      send('conversation.item.done', { item, previous_item_id: null });
    } else if (event.type === 'response.create') answer(send, socket, behaviour(), key);
  });
}

function answer(
  send: (type: string, members?: object) => void,
  socket: WebSocket,
  behaviour: FakeRealtimeBehaviour,
  key: string,
): void {
  const response = {
    id: 'resp_up',
    object: 'realtime.response',
    output: [] as unknown[],
    output_modalities: ['audio'],
  };
  const item = { id: 'item_up', object: 'realtime.item', type: 'message', role: 'assistant' };
  const at = { response_id: 'resp_up', item_id: 'item_up', output_index: 0, content_index: 0 };
  if (behaviour.kind === 'echo-key') {
    const message = `Incorrect API key provided: ${key}, or ${key.slice(0, 7)}*****${key.slice(-4)}.`;
    send('error', {
      error: { type: 'invalid_request_error', code: 'invalid_api_key', message, param: null },
    });
    return;
  }
  send('response.created', { response: { ...response, status: 'in_progress' } });
  send('response.output_item.added', {
    response_id: 'resp_up',
    output_index: 0,
    item: { ...item, status: 'in_progress', content: [] },
  });
  send('conversation.item.added', {
    item: { ...item, status: 'in_progress', content: [] },
    previous_item_id: 'item_up_user',
  });
  send('response.content_part.added', { ...at, part: { type: 'audio', transcript: '' } });
  if (behaviour.kind === 'garbage') socket.send('}{ this is no JSON');
  send('something.new', { surprise: [1, { two: 3 }] });
  send('response.output_audio_transcript.delta', { ...at, delta: 'Hello.' });
  send('response.output_audio.delta', { ...at, delta: answerAudio });
  if (behaviour.kind === 'close') {
    socket.close(behaviour.code, `gone ${key}`);
    return;
  }
  if (behaviour.kind === 'flood') {
    const delta = Buffer.alloc(48 * 1024, 7).toString('base64');
    for (let sent = 0; sent < behaviour.megabytes * 1_024; sent += 64)
      send('response.output_audio.delta', { ...at, delta });
  }
  const content = [{ type: 'output_audio', transcript: 'Hello.' }];
  const done = { ...item, status: 'completed', content };
  send('response.output_audio.done', at);
  send('response.output_audio_transcript.done', { ...at, transcript: 'Hello.' });
  send('response.content_part.done', { ...at, part: { type: 'audio', transcript: 'Hello.' } });
  send('response.output_item.done', { response_id: 'resp_up', output_index: 0, item: done });
  send('conversation.item.done', { item: done, previous_item_id: 'item_up_user' });
  send('response.done', { response: { ...response, status: 'completed', output: [done], usage: null } });
}
