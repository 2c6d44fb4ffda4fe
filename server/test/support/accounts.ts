import type { TestServer } from './servers.js';

export const PASSWORD = 'correct horse';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One request to a server, JSON in and out. */
export async function call(
  { url }: Pick<TestServer, 'url'>,
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...options.headers },
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

export interface SignedUp {
  readonly userId: string;
  readonly token: string;
  /** `set-auth-token`: signed and URL-encoded. */
  readonly signedToken: string;
  /** What a browser would send back. */
  readonly cookie: string;
  readonly body: Record<string, unknown>;
}

/** Makes an account by HTTP, as an app does. */
export async function signUp(
  server: Pick<TestServer, 'url'>,
  email: string,
  password = PASSWORD,
): Promise<SignedUp> {
  const answer = await call(server, 'POST', '/api/auth/sign-up/email', {
    body: { email, password, name: 'Somebody' },
  });
  if (answer.status !== 200)
    throw new Error(`sign-up answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return signedUp(answer);
}

export function signedUp({ headers, body }: Answer): SignedUp {
  const parsed = body as { token: string; user: { id: string } };
  return {
    userId: parsed.user.id,
    token: parsed.token,
    signedToken: headers.get('set-auth-token') ?? '',
    cookie: cookieOf(headers),
    body: body as Record<string, unknown>,
  };
}

/** The cookies of an answer, as a browser would send them back. */
export const cookieOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
