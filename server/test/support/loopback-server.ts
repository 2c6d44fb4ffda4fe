import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { freePort } from './services.js';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly at: number;
}

export type LoopbackAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
    }
  /** Takes the request and never answers. */
  | 'hang'
  /** Hangs up without an answer. */
  | 'hang-up';

export type Answer = (request: ReceivedRequest) => LoopbackAnswer | Promise<LoopbackAnswer>;

/** A server on the loopback interface that notes what comes in and answers as it is told. */
export interface LoopbackServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Everything that came in, oldest first. */
  readonly requests: ReceivedRequest[];
  answer(answer: Answer): void;
  close(): Promise<void>;
}

export async function startLoopbackServer(first: Answer = () => ({ status: 200 })): Promise<LoopbackServer> {
  let current = first;
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const serve = async () => {
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: await bodyOf(incoming),
        at: Date.now(),
      };
      requests.push(request);
      const answer = await current(request);
      if (answer === 'hang') return;
      if (answer === 'hang-up') outgoing.destroy();
      else outgoing.writeHead(answer.status, { ...answer.headers }).end(answer.body);
    };
    serve().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (next) => {
      current = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
