import type { MortalServer } from './mortal-server.js';
import type { Witness } from './witness.js';

/** The name by which devices know the server, wherever it is just now. */
export const BASE_URL = 'http://stories.test';

/** What devices share: the server, who watches it, and what is still on its way to it. */
export interface Post {
  readonly server: MortalServer;
  readonly witness: Witness;
  /** Letters that their senders have given up. */
  readonly late: (() => Promise<unknown>)[];
  /** From here on nothing happens to requests any more, but what the server itself does. */
  calm: boolean;
  /** How many requests have reached the server's door. */
  requests: number;
}

/** One life of a device; after its death nothing it waited for ever comes. */
export interface Life {
  over: boolean;
}

const never = (): Promise<never> => new Promise(() => undefined);

/** The network as one device has it: requests and answers get lost, come twice, or come late. */
export function networkOf(post: Post, life: Life, chance: () => number): typeof globalThis.fetch {
  return async (input, init = {}) => {
    if (life.over) return await never();
    try {
      const answer = await carry(post, String(input).slice(BASE_URL.length), init, chance);
      return life.over ? await never() : answer;
    } catch (error) {
      return life.over ? await never() : Promise.reject(error);
    }
  };
}

async function carry(post: Post, path: string, init: RequestInit, chance: () => number): Promise<Response> {
  const deliver = (url: string): Promise<Response> => answerOf(post, url, path, init);
  if (post.calm) return await deliver(await post.server.url());
  const die = chance();
  if (die < 0.07) throw lost();
  // To a server that is down a connection fails, or comes about when it is back.
  const url = post.server.urlNow() ?? (die < 0.5 ? null : await post.server.url());
  if (url === null) throw lost();
  if (die < 0.15) {
    post.late.push(async () => deliver(await post.server.url()));
    throw lost();
  }
  if (die < 0.23) {
    const [, second] = await Promise.all([deliver(url), deliver(url)]);
    return second;
  }
  const answer = await deliver(url);
  if (die < 0.35) throw lost();
  return answer;
}

const lost = (): TypeError => new TypeError('fetch failed');

async function answerOf(
  post: Post,
  url: string,
  path: string,
  { method = 'GET', headers, body }: RequestInit,
): Promise<Response> {
  const { witness } = post;
  post.requests += 1;
  post.server.count();
  const since = witness.moment();
  const answer = await fetch(`${url}${path}`, {
    method,
    ...(headers && { headers }),
    ...(body != null && { body }),
  });
  const text = await answer.text();
  if (answer.ok) witness.hear(since, typeof body === 'string' ? body : null, JSON.parse(text));
  return new Response(text, { status: answer.status, headers: answer.headers });
}

/** Delivers what is still on its way, in another order than it was sent. @returns how much that was */
export async function deliverLate(post: Post, chance: () => number): Promise<number> {
  const letters = post.late.splice(0).sort(() => chance() - 0.5);
  for (const letter of letters) {
    // One that dies on its way with the server is lost after all.
    await letter().catch(() => undefined);
  }
  return letters.length;
}
