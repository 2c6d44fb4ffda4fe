import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../support/speech-client.js';

/** One user of one app, who remembers everything that the server has acknowledged. */
export interface Resident {
  readonly app: 'speech' | 'support' | 'stories' | 'companion' | 'voice';
  /** Items that were acknowledged so far. */
  readonly acknowledged: number;
  /** One piece of work. That the server does not answer, or refuses, is no error: it is tried again or forgotten. */
  step(): Promise<void>;
  /** Once the server is well: repeats what nobody knows the end of, and waits until nothing is under way. */
  settle(): Promise<void>;
  /** What is lost, doubled or half-written, a sentence each. Only after {@link settle}. */
  judge(): Promise<string[]>;
  /** All that is needed to come back later and judge again, as JSON. */
  remember(): unknown;
}

/** A busy server answers late, and one may wait for what another request has begun; later than this it has failed. */
const PATIENCE_MS = 180_000;

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request. Null when no whole answer came: then nobody knows what became of it. */
export async function ask(url: string, { method, body, headers }: Asked = {}): Promise<Answer | null> {
  try {
    const answer = await fetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : null };
  } catch (error) {
    // `fetch failed`, `terminated`: the connection died with the server.
    if (error instanceof TypeError) return null;
    if (error instanceof DOMException && error.name === 'TimeoutError')
      throw new Error(`${url} did not answer within ${PATIENCE_MS / 1_000} s`);
    throw error;
  }
}

/** Asks until the answer is 200. @throws Error with the last answer when it never is */
export async function answered(url: string, asked: Asked = {}): Promise<Answer> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask(url, asked);
    if (answer?.status === 200) return answer;
    if (Date.now() > deadline) throw new Error(`${url} still answers ${answer?.status}: ${answer?.text}`);
    await sleep(250);
  }
}

const SETTLES_WITHIN_MS = 180_000;

/** Tries again until it is done. @throws Error with the last answer when it never is */
export async function untilDone(
  what: string,
  attempt: () => Promise<Answer | null>,
  isDone: () => boolean,
): Promise<void> {
  let last: Answer | null = null;
  for (const deadline = Date.now() + SETTLES_WITHIN_MS; !isDone(); await sleep(250)) {
    if (Date.now() > deadline)
      throw new Error(`${what} is still answered with ${last?.status}: ${last?.text}`);
    last = await attempt();
  }
}

/** What is not exactly once among the things found: `acknowledged` has to be, `possible` may be. */
export function notOnce(
  what: string,
  found: readonly string[],
  { acknowledged, possible = [] }: { acknowledged: Iterable<string>; possible?: Iterable<string> },
): string[] {
  const counts = new Map<string, number>();
  for (const item of found) counts.set(item, (counts.get(item) ?? 0) + 1);
  const wanted = new Set(acknowledged);
  const allowed = new Set(possible);
  return [
    ...[...wanted].filter((item) => !counts.has(item)).map((item) => `lost: ${what} ${item}`),
    ...[...counts].flatMap(([item, count]) =>
      count > 1 ? [`doubled: ${what} ${item}, ${count} times`] : [],
    ),
    ...[...counts.keys()]
      .filter((item) => !wanted.has(item) && !allowed.has(item))
      .map((item) => `come back, or never made: ${what} ${item}`),
  ];
}
