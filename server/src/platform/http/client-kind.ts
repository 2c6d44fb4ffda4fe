import type { IncomingHttpHeaders } from 'node:http';

/** Which app on which system sends a request, as far as it says; for the log. */
export interface ClientKind {
  /** For example `ios`. */
  readonly platform?: string;
  readonly version?: string;
}

/** Words of a client's own go into the log only when they look like names and versions. */
const PLAIN = /^[\w.+() -]{1,40}$/;
const SYSTEMS = [
  ['ios', /Darwin|iOS|iPhone|iPad/],
  ['android', /Android|okhttp/],
] as const;

/** By the headers `X-App-Platform` and `X-App-Version`, else by the user agent. */
export function clientKindOf(headers: IncomingHttpHeaders): ClientKind {
  const platform =
    plain(headers['x-app-platform']) ??
    SYSTEMS.find(([, agent]) => agent.test(headers['user-agent'] ?? ''))?.[0];
  const version = plain(headers['x-app-version']);
  return { ...(platform ? { platform } : {}), ...(version ? { version } : {}) };
}

const plain = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && PLAIN.test(header) ? header : undefined;
