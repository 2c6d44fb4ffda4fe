import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** As long as `fetch` keeps idle connections; a server that drops them earlier is asked again by the SDK. */
const idleMilliseconds = 4_000;
const agents = {
  http: new HttpAgent({ keepAlive: true, timeout: idleMilliseconds }),
  https: new HttpsAgent({ keepAlive: true, timeout: idleMilliseconds }),
};

/**
 * `fetch` for requests whose body is text and whose answer is a stream of events, by Node's own client. The events are then
 * read without web streams, which took more than half of the time of a short answer.
 *
 * @param longestResponse bytes of a body that are read at most; more fails the reading
 * @returns null for what is to be left to `fetch` itself: other requests, and redirections
 */
export async function directFetch(
  input: Parameters<typeof fetch>[0],
  init: RequestInit = {},
  longestResponse = Number.POSITIVE_INFINITY,
): Promise<Response | null> {
  if (typeof init.body !== 'string' || input instanceof Request) return null;
  const url = new URL(input);
  const incoming = await send(url, init, init.body);
  // Whoever reads hears of it; before somebody reads, or after, an abort would end the process.
  incoming.on('error', () => {});
  const status = incoming.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    incoming.destroy();
    return null;
  }
  const headers = headersOf(incoming);
  const isStream = status < 300 && headers.get('content-type')?.startsWith('text/event-stream');
  const body = capped(incoming, longestResponse);
  if (isStream) return streamedResponse(url, status, headers, body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return new Response(chunks.length === 0 ? null : Buffer.concat(chunks), { status, headers });
}

/** Resolves with the head of the answer; the signal ends everything, then and later. */
function send(url: URL, { method = 'GET', headers, signal }: RequestInit, body: string) {
  const isSecure = url.protocol === 'https:';
  return new Promise<IncomingMessage>((resolve, reject) => {
    signal?.throwIfAborted();
    const request = (isSecure ? httpsRequest : httpRequest)(url, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      agent: isSecure ? agents.https : agents.http,
    });
    // Node's own `signal` option ends the process when an answer is complete but not read yet (Node 20).
    const leave = () => {
      reject(signal?.reason);
      request.destroy();
    };
    signal?.addEventListener('abort', leave, { once: true });
    request.once('close', () => signal?.removeEventListener('abort', leave));
    request.on('error', reject);
    request.once('response', resolve);
    request.end(body);
  });
}

function headersOf({ headers: received }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return headers;
}

async function* capped(incoming: IncomingMessage, longest: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > longest) throw new RangeError('The response is too long.');
    yield chunk;
  }
}

/** What the SDK asks of the response to a stream; it reads any body that can be iterated. */
const streamedResponse = (
  { href }: URL,
  status: number,
  headers: Headers,
  body: AsyncIterable<Uint8Array>,
): Response => ({ ok: true, status, statusText: '', headers, url: href, body }) as unknown as Response;
