/** The address of an Earshot server and how to reach it. */
export interface ServerAddress {
  /** For example `http://localhost:3000`. */
  readonly baseUrl: string;
  /** Replaced in tests and where the platform's own `fetch` must not be used. */
  readonly fetch?: typeof globalThis.fetch;
}

/** What `GET /health` answers. */
export interface Health {
  readonly status: string;
  readonly timestamp: string;
  readonly version: string;
}

/**
 * Asks a server whether it lives.
 *
 * @throws Error naming the status when the server answers anything but 200
 */
export async function readHealth(server: ServerAddress): Promise<Health> {
  const request = server.fetch ?? globalThis.fetch;
  const answer = await request(new URL('/health', server.baseUrl));
  if (!answer.ok) throw new Error(`The server answered ${answer.status} to /health.`);
  return (await answer.json()) as Health;
}
