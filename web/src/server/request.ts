import { reportAnswer } from './connection.ts';

/** The server answered with a refusal; `message` is its sentence for the reader. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal';

  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    /** Seconds, from a 429 or 503. */
    readonly retryAfter: number | null,
  ) {
    super(message);
  }
}

/** No answer at all: no network, or the server is down. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor() {
    super(
      navigator.onLine
        ? 'The server does not answer. Is it running?'
        : 'You are offline. This works again as soon as you are back.',
    );
  }
}

async function refusal(response: Response): Promise<ServerRefusal> {
  let body: { readonly message?: unknown; readonly error?: unknown; readonly code?: unknown } = {};
  try {
    body = (await response.json()) as typeof body;
  } catch {
    // A proxy in between may answer with a page of its own; the status must do.
  }
  const seconds = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : null;
  // Support's errors leave `message` out when `error` says the same.
  const words = [body.message, body.error].find((text) => typeof text === 'string');
  const said = words ?? `The server answered ${response.status}.`;
  const message = retryAfter && response.status === 429 ? `${said} Try again in ${retryAfter} s.` : said;
  return new ServerRefusal(
    message,
    response.status,
    typeof body.code === 'string' ? body.code : '',
    retryAfter,
  );
}

/** Asks this page's own server. 2xx and 304 are returned; the rest is thrown as ServerRefusal or NoAnswer. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'omit', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    reportAnswer(false);
    throw new NoAnswer();
  }
  reportAnswer(true);
  if (response.ok || response.status === 304) return response;
  throw await refusal(response);
}

/** What to show for any failure of a request. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}
