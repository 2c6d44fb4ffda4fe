import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';

export interface FakeTranscriptionRequest {
  readonly authorization: string | undefined;
  readonly model: string;
  readonly format: string;
  readonly language: string | undefined;
  readonly prompt: string | undefined;
  readonly fileName: string;
  readonly file: Uint8Array;
}

/** What the upstream does with a recording. */
export type FakeTranscriptionBehaviour =
  /** The words, in the format asked for. */
  | { readonly kind: 'ok'; readonly text?: string }
  /** This JSON. */
  | { readonly kind: 'answer'; readonly body: unknown }
  /** 400 to `verbose_json`, the words to `json`. */
  | { readonly kind: 'json-only' }
  /** An error body whose message repeats the caller's key. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number; readonly code?: string }
  | { readonly kind: 'hang' }
  /** 200 with a web page. */
  | { readonly kind: 'garbage' }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'close-mid-body' };

/** What the upstream's Realtime socket does. */
export type FakeRealtimeBehaviour =
  | 'ok'
  /** Refuses the upgrade with 401. */
  | 'refuse'
  /** Hangs up at the first audio of the first connection. */
  | 'cut-once'
  /** Hangs up when an utterance is committed. */
  | 'cut-at-commit'
  /** Never answers a commit. */
  | 'hang'
  | 'garbage'
  /** A `.failed` event for each utterance. */
  | 'failed'
  /** An `error` event that repeats the key. */
  | 'error';

export interface FakeTranscription {
  /** With `/v1`. */
  readonly baseUrl: string;
  /** Everything that came in, oldest first. */
  readonly requests: FakeTranscriptionRequest[];
  /** The configuration of each Realtime session. */
  readonly sessions: unknown[];
  /** Seconds of audio in each committed utterance. */
  readonly committed: number[];
  readonly connections: { count: number };
  behave(behave: (request: FakeTranscriptionRequest) => FakeTranscriptionBehaviour): void;
  behaveRealtime(behaviour: FakeRealtimeBehaviour): void;
  close(): Promise<void>;
}

export const fakeWords = 'Hello from upstream.';

/** An OpenAI upstream on the loopback interface that listens: files and the Realtime transcription socket. */
export async function startFakeTranscription(): Promise<FakeTranscription> {
  const requests: FakeTranscriptionRequest[] = [];
  const sessions: unknown[] = [];
  const committed: number[] = [];
  const connections = { count: 0 };
  let current: (request: FakeTranscriptionRequest) => FakeTranscriptionBehaviour = () => ({ kind: 'ok' });
  let realtime: FakeRealtimeBehaviour = 'ok';
  const server = createServer((incoming, outgoing) => {
    const answerIt = async () => {
      const request = await readRequest(incoming);
      requests.push(request);
      await answer(request, outgoing, current(request));
    };
    answerIt().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    connections.count += 1;
    if (realtime === 'refuse' || request.url !== '/v1/realtime?intent=transcription')
      return void socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
    const first = connections.count === 1;
    sockets.handleUpgrade(request, socket, head, (upgraded) =>
      serveRealtime(upgraded, {
        behaviour: () => realtime,
        first,
        key: request.headers.authorization ?? '',
        onSession: (session) => sessions.push(session),
        onCommit: (seconds) => committed.push(seconds),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    sessions,
    committed,
    connections,
    behave: (behave) => {
      current = behave;
    },
    behaveRealtime: (behaviour) => {
      realtime = behaviour;
    },
    close: () =>
      new Promise((resolve, reject) => {
        if (!server.listening) return resolve();
        for (const client of sockets.clients) client.terminate();
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<FakeTranscriptionRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const form = await new Response(Buffer.concat(chunks), {
    headers: { 'content-type': incoming.headers['content-type'] ?? '' },
  }).formData();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const file = form.get('file');
  return {
    authorization: incoming.headers.authorization,
    model: text('model') ?? '',
    format: text('response_format') ?? 'json',
    language: text('language'),
    prompt: text('prompt'),
    fileName: file instanceof File ? file.name : '',
    file: file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array(0),
  };
}

async function answer(
  request: FakeTranscriptionRequest,
  outgoing: ServerResponse,
  behaviour: FakeTranscriptionBehaviour,
): Promise<void> {
  const send = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    void outgoing
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
  const words = (text: string) =>
    request.format === 'verbose_json'
      ? {
          task: 'transcribe',
          language: 'english',
          duration: 1.5,
          text,
          segments: [{ id: 0, text: ` ${text}`, start: 0.1, end: 1.4 }],
        }
      : { text };
  switch (behaviour.kind) {
    case 'ok':
      return send(200, words(behaviour.text ?? fakeWords));
    case 'answer':
      return send(200, behaviour.body);
    case 'json-only':
      return request.format === 'json'
        ? send(200, words(fakeWords))
        : send(400, { error: { message: 'response_format is not supported', param: 'response_format' } });
    case 'status':
      return send(
        behaviour.status,
        {
          error: {
            message: `Something is wrong with ${request.authorization}`,
            code: behaviour.code ?? null,
          },
        },
        behaviour.retryAfter === undefined ? {} : { 'retry-after': String(behaviour.retryAfter) },
      );
    case 'hang':
      return;
    case 'garbage':
      return void outgoing
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Welcome</title>');
    case 'hang-up':
      return void outgoing.destroy();
    case 'close-mid-body':
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 });
      outgoing.write('{"text": "Hel');
      await sleep(20);
      return void outgoing.destroy();
  }
}

interface RealtimeHandling {
  readonly behaviour: () => FakeRealtimeBehaviour;
  readonly first: boolean;
  readonly key: string;
  readonly onSession: (session: unknown) => void;
  readonly onCommit: (seconds: number) => void;
}

function serveRealtime(
  socket: WebSocket,
  { behaviour, first, key, onSession, onCommit }: RealtimeHandling,
): void {
  let bytes = 0;
  let items = 0;
  const send = (event: object) => socket.send(JSON.stringify({ event_id: 'event_1', ...event }));
  const prefix = 'conversation.item.input_audio_transcription';
  send({ type: 'session.created', session: { type: 'transcription' } });
  const commit = () => {
    const seconds = bytes / 2 / 24_000;
    bytes = 0;
    if (seconds < 0.1) return send({ type: 'error', error: { code: 'input_audio_buffer_commit_empty' } });
    onCommit(seconds);
    items += 1;
    const item_id = `item_${items}`;
    const how = behaviour();
    if (how === 'cut-at-commit') return socket.terminate();
    if (how === 'garbage') return socket.send('<html>');
    if (how === 'error')
      return send({ type: 'error', error: { code: 'server_error', message: `broken for ${key}` } });
    send({ type: 'input_audio_buffer.committed', item_id, previous_item_id: null });
    if (how === 'hang') return;
    if (how === 'failed')
      return send({
        type: `${prefix}.failed`,
        item_id,
        content_index: 0,
        error: { code: 'audio_unintelligible', message: key },
      });
    send({ type: `${prefix}.delta`, item_id, content_index: 0, delta: 'Hello from ' });
    send({ type: `${prefix}.delta`, item_id, content_index: 0, delta: 'upstream.' });
    send({
      type: `${prefix}.completed`,
      item_id,
      content_index: 0,
      transcript: fakeWords,
      usage: { type: 'duration', seconds },
    });
  };
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as { type: string; audio?: string; session?: unknown };
    if (event.type === 'session.update') onSession(event.session);
    if (event.type === 'input_audio_buffer.append') {
      if (behaviour() === 'cut-once' && first) return socket.terminate();
      bytes += Buffer.from(event.audio ?? '', 'base64').length;
    }
    if (event.type === 'input_audio_buffer.commit') commit();
  });
}
