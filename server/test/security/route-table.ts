import type { RouteOptions } from 'fastify';
import type { TestServer } from '../support/servers.js';

/** A route as the server has it. */
export interface Route {
  readonly method: string;
  /** The pattern, in which both prefixes of an app are one: `/api/heroes/:id`, `/v1/conversations/:id/messages`. */
  readonly url: string;
  /** The pattern as it is registered. */
  readonly registered: string;
  readonly tags: readonly string[];
  /** Only for requests without an `X-App-Id`. */
  readonly withoutAppId: boolean;
  /** Names of the members of path, query and body. */
  readonly members: readonly string[];
}

/** Every route of a server that was started with `onRoute`, in the order of their registration. */
export function routeRecorder(): { onRoute(route: RouteOptions): void; routes(): readonly Route[] } {
  const recorded: Route[] = [];
  return {
    onRoute: (route) => void recorded.push(...routesOf(route)),
    routes: () => recorded,
  };
}

function routesOf({ method, url, schema, constraints }: RouteOptions): Route[] {
  const tags = schema?.tags ?? [];
  const parts = [schema?.querystring, schema?.body];
  const inPath = [...url.matchAll(/:(\w+)/g)].flatMap(([, name]) => name ?? []);
  const members = [...new Set([...inPath, ...parts.flatMap(memberNames)])];
  return [method].flat().map((one) => ({
    method: one,
    url: withOnePrefix(url, tags),
    registered: url,
    tags,
    withoutAppId: (constraints as { readonly appId?: string } | undefined)?.appId === 'absent',
    members,
  }));
}

/** Stories are at `/api` and `/api/v1`, the support SDK's routes at `/v1` and `/api/v1`: the same routes. */
function withOnePrefix(url: string, tags: readonly string[]): string {
  if (tags.some((tag) => tag.startsWith('stories'))) return url.replace(/^\/api\/v1\//, '/api/');
  if (tags.includes('support')) return url.replace(/^\/api\/v1\//, '/v1/');
  return url;
}

/** Names of members at any depth of a JSON schema. */
function memberNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(memberNames);
  const { properties, items, anyOf, allOf, oneOf } = schema as Record<string, unknown>;
  const own = typeof properties === 'object' && properties !== null ? Object.entries(properties) : [];
  return [
    ...own.flatMap(([name, inner]) => [name, ...memberNames(inner)]),
    ...[items, anyOf, allOf, oneOf].flatMap(memberNames),
  ];
}

/** By what a caller of a route must be known. */
export type Door =
  /** A session of an account, of whichever kind: `platform/identity`. */
  | 'account'
  /** The companion's key for assistants, or for scripts. */
  | 'mcp'
  | 'dev'
  /** A support SDK installation: app id, device id and the app's key. */
  | 'device'
  /** A member of a support team. */
  | 'operator'
  /** The master key, or the one-time link. */
  | 'setup'
  /** The voice app's device token, which is the name of its conversations. */
  | 'history'
  /** A signed address. */
  | 'signed';

export function doorOf({ url, tags }: Route): Door {
  const [tag = ''] = tags;
  if (/^\/api\/(media\/|files\/upload\/:)|^\/v4\/speech-profile\/audio$/.test(url)) return 'signed';
  if (tag === 'companion: by key') return url.startsWith('/v1/mcp') ? 'mcp' : 'dev';
  if (tag === 'voice: history') return 'history';
  if (tag === 'support: set-up') return 'setup';
  if (tag === 'support') return 'device';
  if (tag.startsWith('support')) return 'operator';
  return 'account';
}

export const nameOf = ({ method, url, ...route }: Route): string =>
  `${doorOf({ method, url, ...route })} ${method} ${url}`;

export interface Call {
  /** For `:name` in the pattern. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Calls a route: without a network where there is neither a form nor a stream without an end, for there are thousands of calls. */
export async function callRoute(
  { url: base, built }: Pick<TestServer, 'url' | 'built'>,
  { method, registered }: Pick<Route, 'method' | 'registered'>,
  { params = {}, query = {}, body, headers = {} }: Call,
): Promise<Answer> {
  const path = registered
    .replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? 'unknown'))
    .replace('*', 'unknown');
  const search = new URLSearchParams(query).toString();
  const url = `${path}${search ? `?${search}` : ''}`;
  if (body instanceof FormData) {
    const answer = await fetch(base + url, { method, headers, body });
    return { status: answer.status, text: await answer.text() };
  }
  if (registered.endsWith('/sync/stream')) {
    const answer = await fetch(base + url, { method, headers });
    const isEndless = answer.status === 200;
    if (isEndless) await answer.body?.cancel();
    return { status: answer.status, text: isEndless ? '' : await answer.text() };
  }
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
  const { statusCode, payload } = await built.http.inject({
    method: method as 'GET',
    url,
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(hasBody ? { payload: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) } : {}),
  });
  return { status: statusCode, text: payload };
}
