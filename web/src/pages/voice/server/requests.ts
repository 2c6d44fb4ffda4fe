import { readKey } from '../keeping/key.ts';
import type { Trouble } from '../talk/talk.ts';

/** Something that the screen has a state for. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(readonly trouble: Trouble) {
    super(trouble.notice ?? trouble.phase);
  }
}

interface ErrorBody {
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
}

/**
 * Asks this page's server, with the user's key if there is one, and else in the name of the account if one is signed in.
 *
 * @throws Failure with the state that the screen is to show; what `signal` aborts is thrown as it is
 */
export async function ask(path: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  const key = readKey();
  const headers = new Headers(init.headers);
  if (key !== null) headers.set('authorization', `Bearer ${key}`);
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init, headers });
  } catch (error) {
    init.signal.throwIfAborted();
    if (error instanceof TypeError) throw new Failure({ phase: 'offline' });
    throw error;
  }
  if (response.ok) return response;
  throw await refusalOf(response);
}

export const askJson = (path: string, body: unknown, signal: AbortSignal, headers = {}): Promise<Response> =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal,
  });

async function refusalOf(response: Response): Promise<Failure> {
  let body: ErrorBody = {};
  try {
    body = (await response.json()) as ErrorBody;
  } catch {
    // A proxy in between may answer with a page of its own; the status must do.
  }
  const { code, message } = body.error ?? {};
  const seconds = Number(response.headers.get('retry-after'));
  return new Failure(
    troubleOf(
      response.status,
      typeof code === 'string' ? code : '',
      typeof message === 'string' ? message : '',
      Number.isFinite(seconds) && seconds > 0 ? Date.now() + seconds * 1_000 : null,
    ),
  );
}

/** The state for a refusal. The server's sentences are for users; its codes decide. */
export function troubleOf(status: number, code: string, message: string, waitUntil: number | null): Trouble {
  if (status === 401 || code === 'invalid_api_key') return { phase: 'invalid-key' };
  if (code === 'rate_limited' || (status === 429 && code !== 'insufficient_quota'))
    return { phase: 'rate-limited', ...(waitUntil === null ? {} : { waitUntil }) };
  if (status >= 502 || code.startsWith('upstream_') || code === 'unavailable')
    return { phase: 'upstream-down' };
  return { phase: 'refused', ...(message ? { notice: message } : {}) };
}
