import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SpeechFormat, speechFormats } from '../../src/platform/ai/speech-synthesizer.js';
import { encodeSpeech } from '../../src/platform/audio/encode.js';
import { pcmSampleRate } from '../../src/platform/audio/pcm.js';
import { answerChat, type ScriptedChat } from './fake-chat.js';
import { coloredPng } from './png.js';

export interface FakeOpenAIRequest {
  readonly method: string;
  /** With the base path: `/v1/models`, `/v1/audio/speech`. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of JSON, or the fields of a form (files as `File`). */
  readonly body: Readonly<Record<string, unknown>>;
  /** The audio or picture that was sent in answer. */
  answered?: Uint8Array;
  /** When the caller hung up before the answer was complete: milliseconds since the epoch. */
  leftAt?: number;
}

/** What the upstream does with a request. */
export type Behaviour =
  /** Models, a chat, a picture, or a real audio file of a tone that depends on the input. */
  | { readonly kind: 'ok' }
  /** A chat as scripted. */
  | ({ readonly kind: 'chat' } & ScriptedChat)
  /** These bytes as audio, or as a picture. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** These words, as heard in a recording. */
  | { readonly kind: 'words'; readonly text: string }
  /** An OpenAI error body; `code` for example `insufficient_quota`. Its message repeats the caller's key, as OpenAI's may. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: number | string;
      readonly code?: string;
    }
  /** 400 with the key in every place of the error body. */
  | { readonly kind: 'echo-key' }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** 200 with a web page. */
  | { readonly kind: 'garbage' }
  /** 200 with JSON. */
  | { readonly kind: 'json' }
  /** 200 with nothing. */
  | { readonly kind: 'empty' }
  /** Hangs up without an answer. */
  | { readonly kind: 'hang-up' }
  /** Hangs up in the middle of the audio. */
  | { readonly kind: 'close-mid-body' }
  /** The audio in ten parts with a wait before each. */
  | { readonly kind: 'drip'; readonly milliseconds: number };

type Behave = (request: FakeOpenAIRequest) => Behaviour | Promise<Behaviour>;

export interface FakeOpenai {
  /** With `/v1`. */
  readonly baseUrl: string;
  /** Everything that came in, oldest first. */
  readonly requests: FakeOpenAIRequest[];
  /** Decides what happens to requests from now on. */
  behave(behave: Behave): void;
  close(): Promise<void>;
}

/** An OpenAI upstream on the loopback interface that answers as it is told, rightly by default. */
export async function startFakeOpenAI(): Promise<FakeOpenai> {
  const requests: FakeOpenAIRequest[] = [];
  let current: Behave = () => ({ kind: 'ok' });
  const server = createServer((incoming, outgoing) => {
    const answerIt = async () => {
      const request: FakeOpenAIRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: await readBody(incoming),
      };
      requests.push(request);
      outgoing.once('close', () => {
        if (!outgoing.writableFinished) request.leftAt = Date.now();
      });
      await answer(request, outgoing, await current(request));
    };
    answerIt().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    behave: (behave) => {
      current = behave;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function readBody(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const type = incoming.headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) {
    const form = await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData();
    return Object.fromEntries(form);
  }
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

async function answer(
  request: FakeOpenAIRequest,
  outgoing: ServerResponse,
  behaviour: Behaviour,
): Promise<void> {
  const send = (
    status: number,
    type: string,
    body: string | Uint8Array,
    headers: Record<string, string> = {},
  ) => outgoing.writeHead(status, { 'content-type': type, ...headers }).end(body);
  const sendPicture = (bytes: Uint8Array) => {
    request.answered = bytes;
    const picture = {
      b64_json: Buffer.from(bytes).toString('base64'),
      revised_prompt: `Drawn: ${request.body.prompt}`,
    };
    send(200, 'application/json', JSON.stringify({ created: 1, data: [picture] }));
  };
  switch (behaviour.kind) {
    case 'ok':
      if (request.method === 'GET' && request.path.endsWith('/models'))
        return void send(
          200,
          'application/json',
          JSON.stringify({ object: 'list', data: [{ id: 'tts-1' }] }),
        );
      if (request.method === 'POST' && request.path.endsWith('/audio/speech')) {
        request.answered = await toneFor(request.body);
        return void send(200, 'audio/mpeg', request.answered);
      }
      if (request.method === 'POST' && request.path.endsWith('/chat/completions'))
        return await answerChat(request.body, outgoing, {}, keyOf(request));
      if (request.method === 'POST' && request.path.includes('/images/'))
        return void sendPicture(coloredPng(String(request.body.prompt)));
      return void send(404, 'application/json', '{"error":{"message":"no such route"}}');
    case 'chat':
      return await answerChat(request.body, outgoing, behaviour, keyOf(request));
    case 'bytes':
      if (request.path.includes('/images/')) return void sendPicture(behaviour.bytes);
      request.answered = behaviour.bytes;
      return void send(200, 'audio/mpeg', behaviour.bytes);
    case 'words': {
      const { text } = behaviour;
      const segments = [{ id: 0, text: ` ${text}`, start: 0, end: 1 }];
      return void send(200, 'application/json', JSON.stringify({ text, duration: 1, segments }));
    }
    case 'status': {
      const message = `Something is wrong with ${request.headers.authorization}`;
      const retryAfter =
        behaviour.retryAfter === undefined ? {} : { 'retry-after': String(behaviour.retryAfter) };
      const body = JSON.stringify({ error: { message, type: 'fake', code: behaviour.code ?? null } });
      return void send(behaviour.status, 'application/json', body, retryAfter);
    }
    case 'echo-key': {
      const key = request.headers.authorization;
      const error = { message: `Incorrect API key provided: ${key}`, code: key, param: key, type: key };
      return void send(400, 'application/json', JSON.stringify({ error }));
    }
    case 'hang':
      return;
    case 'garbage':
      return void send(200, 'text/html', '<!doctype html><title>Welcome to our network</title>');
    case 'json':
      return void send(200, 'application/json', JSON.stringify({ key: request.headers.authorization }));
    case 'empty':
      return void send(200, 'audio/mpeg', '');
    case 'hang-up':
      return void outgoing.destroy();
    case 'close-mid-body': {
      if (request.path.endsWith('/chat/completions'))
        return await answerChat(
          request.body,
          outgoing,
          { text: 'This is cut in mid-word.', after: { pieces: 4, comes: 'hang-up' } },
          keyOf(request),
        );
      const audio = await toneFor(request.body);
      outgoing.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': audio.length });
      outgoing.write(audio.subarray(0, audio.length / 2));
      await sleep(20);
      return void outgoing.destroy();
    }
    case 'drip': {
      if (request.path.endsWith('/chat/completions'))
        return await answerChat(request.body, outgoing, behaviour, keyOf(request));
      request.answered = await toneFor(request.body);
      outgoing.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': request.answered.length });
      const part = Math.ceil(request.answered.length / 10);
      for (let start = 0; start < request.answered.length; start += part) {
        await sleep(behaviour.milliseconds);
        outgoing.write(request.answered.subarray(start, start + part));
      }
      return void outgoing.end();
    }
  }
}

const keyOf = ({ headers }: FakeOpenAIRequest): string => String(headers.authorization);

/** Half a second of a tone whose pitch depends on the input, in the format asked for; equal inputs, equal bytes. */
async function toneFor({ input, response_format: wanted }: FakeOpenAIRequest['body']): Promise<Uint8Array> {
  const format: SpeechFormat = speechFormats.find((name) => name === wanted) ?? 'mp3';
  let hash = 0;
  for (const character of String(input)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return await encodeSpeech(tone(200 + hash, 0.5), format);
}

/** Samples of a sine at 24 kHz. */
export function tone(hertz: number, seconds: number): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * pcmSampleRate) }, (_, index) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * hertz * index) / pcmSampleRate)),
  );
}
