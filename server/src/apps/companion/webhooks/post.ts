import type { OutgoingAnswer, PublicHttp } from '../../../platform/http/public-addresses.js';

export interface WebhookPost {
  readonly userId: string;
  readonly body: string | Uint8Array;
  readonly type: string;
  /** By which a receiver tells repeats. */
  readonly delivery?: string;
  /** Beside `uid`, which every webhook carries. */
  readonly query?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** What a receiver answers is of no interest. */
const ANSWER_BYTES = 1_024;

/**
 * Posts to an address that a user named, as the original server does: the user in the query.
 *
 * @throws PrivateAddress
 * @throws NoAnswer
 */
export function postTo(http: PublicHttp, address: string, post: WebhookPost): Promise<OutgoingAnswer> {
  const url = new URL(address);
  for (const [name, value] of Object.entries({ uid: post.userId, ...post.query })) {
    url.searchParams.set(name, value);
  }
  return http.send({
    url,
    method: 'POST',
    headers: {
      'content-type': post.type,
      'user-agent': 'Earshot-Webhooks',
      ...(post.delivery ? { 'x-earshot-delivery': post.delivery } : {}),
    },
    body: post.body,
    timeoutMs: post.timeoutMs ?? TIMEOUT_MS,
    maxResponseBytes: ANSWER_BYTES,
    ...(post.signal ? { signal: post.signal } : {}),
  });
}

export const isAccepted = ({ status }: OutgoingAnswer): boolean => status >= 200 && status < 300;
