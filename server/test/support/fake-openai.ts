import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SpeechFormat, speechFormats } from '../../src/platform/ai/speech-synthesizer.js';
import { encodeSpeech } from '../../src/platform/audio/encode.js';
import { pcmSampleRate } from '../../src/platform/audio/pcm.js';

export interface FakeOpenAIRequest {
  readonly method: string;
  /** With the base path: `/v1/models`, `/v1/audio/speech`. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** The audio that was sent in answer. */
  answered?: Uint8Array;
}

/** What the upstream does with a request. */
export type Behaviour =
  /** Models, or a real audio file of a tone that depends on the input. */
  | { readonly kind: 'ok' }
  /** These bytes as audio. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
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
        body: await readJson(incoming),
      };
      requests.push(request);
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

async function readJson(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
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
      return void send(404, 'application/json', '{"error":{"message":"no such route"}}');
    case 'bytes':
      request.answered = behaviour.bytes;
      return void send(200, 'audio/mpeg', behaviour.bytes);
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
      const audio = await toneFor(request.body);
      outgoing.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': audio.length });
      outgoing.write(audio.subarray(0, audio.length / 2));
      await sleep(20);
      return void outgoing.destroy();
    }
    case 'drip': {
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
