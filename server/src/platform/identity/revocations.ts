import type { Events, Unsubscribe } from '../events/events.js';

/** A credential that opens nothing any more: one session, one key, or (with neither) everything of the user's. */
export interface Revocation {
  readonly userId: string;
  readonly sessionId?: string;
  readonly apiKeyId?: string;
}

/** Tells all nodes at once what they must not believe any longer. */
export interface Revocations {
  /** Call it once the revocation is committed. */
  announce(revocation: Revocation): Promise<void>;
  /** Hears of every revocation, those of this node included. */
  subscribe(handler: (revocation: Revocation) => void): Promise<Unsubscribe>;
  /** Called when revocations may have been missed, because other nodes could not be heard. */
  onGap(handler: () => void): () => void;
}

const TOPIC = 'identity.revoked';

export const createRevocations = (events: Events): Revocations => ({
  announce: (revocation) => events.publish(TOPIC, { ...revocation }),
  subscribe: (handler) =>
    events.subscribe(TOPIC, (message) => {
      const revocation = revocationOf(message);
      if (revocation) handler(revocation);
    }),
  onGap: (handler) => events.onGap(handler),
});

function revocationOf(message: unknown): Revocation | null {
  if (!message || typeof message !== 'object') return null;
  const { userId, sessionId, apiKeyId } = message as Record<string, unknown>;
  if (typeof userId !== 'string') return null;
  return {
    userId,
    ...(typeof sessionId === 'string' ? { sessionId } : {}),
    ...(typeof apiKeyId === 'string' ? { apiKeyId } : {}),
  };
}
