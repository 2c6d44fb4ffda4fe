import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { HistoryStore, VoiceMessage, VoiceSession } from './store.js';

/** By which header a device says which conversations are its own. */
export const DEVICE_TOKEN_HEADER = 'x-device-token';

/** One question and its answer. */
export interface KeptTurn {
  readonly sessionId: string;
  readonly question: string;
  /** Epoch milliseconds. */
  readonly askedAt: number;
  readonly answer: string;
}

/** Conversations kept for devices that ask for it; off unless VOICE_HISTORY is set (contract §6.2). */
export interface HistoryService {
  /** Whose conversations are meant. @throws AppError 404 while history is off, 401 without a proper token */
  ownerOf(deviceToken: unknown): string;
  /** Whom to keep a turn for: null when nobody asked, or history is off. @throws AppError 401 for an improper token */
  keeperOf(deviceToken: unknown, sessionId: string | undefined): string | null;
  keep(owner: string, turn: KeptTurn): Promise<void>;
  sessions(owner: string): Promise<readonly VoiceSession[]>;
  /** Oldest first. @throws AppError 404 */
  messages(owner: string, sessionId: string): Promise<readonly VoiceMessage[]>;
  /** @throws AppError 404 */
  end(owner: string, sessionId: string): Promise<void>;
  /** @throws AppError 404 */
  remove(owner: string, sessionId: string): Promise<void>;
  removeAll(owner: string): Promise<void>;
}

/** Random bytes of 128 bits or more; shorter could be guessed. */
const DEVICE_TOKEN = /^[A-Za-z0-9_-]{22,128}$/;
const MOST_SESSIONS = 200;
const MOST_MESSAGES = 1_000;

export function createHistoryService(
  { clock, config, database, secrets }: Pick<Platform, 'clock' | 'config' | 'database' | 'secrets'>,
  store: HistoryStore,
): HistoryService {
  const ownerOf = (deviceToken: unknown): string => {
    if (!config.VOICE_HISTORY) throw errors.notFound('This server keeps no conversations.');
    if (typeof deviceToken !== 'string' || !DEVICE_TOKEN.test(deviceToken))
      throw errors.unauthorized(`Send a random ${DEVICE_TOKEN_HEADER} of at least 22 letters and digits.`);
    return secrets.fingerprint(`voice-device ${deviceToken}`);
  };
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw errors.notFound('There is no such conversation.');
    return value;
  };

  return {
    ownerOf,
    keeperOf: (deviceToken, sessionId) =>
      config.VOICE_HISTORY && deviceToken !== undefined && sessionId !== undefined
        ? ownerOf(deviceToken)
        : null,
    keep: (owner, { sessionId, question, askedAt, answer }) =>
      database.transaction(async (tx) => {
        // Whatever the clock says, the answer comes behind its question.
        const answeredAt = Math.max(clock.now(), askedAt + 1);
        const session = await store.touch(tx, {
          id: uuidV7(askedAt),
          owner,
          session_id: sessionId,
          started_at: askedAt,
          ended_at: null,
          updated_at: answeredAt,
        });
        await store.add(tx, [
          { id: uuidV7(askedAt), session, sender: 'user', message_text: question, created_at: askedAt },
          { id: uuidV7(answeredAt), session, sender: 'bot', message_text: answer, created_at: answeredAt },
        ]);
      }),
    sessions: (owner) => store.sessions(owner, MOST_SESSIONS),
    messages: async (owner, sessionId) => {
      const { id } = found(await store.session(owner, sessionId));
      return (await store.messages(id, MOST_MESSAGES)).reverse();
    },
    end: async (owner, sessionId) => {
      const wasThere = await database.transaction((tx) => store.end(tx, owner, sessionId, clock.now()));
      found(wasThere || undefined);
    },
    remove: async (owner, sessionId) => {
      const count = await database.transaction((tx) => store.remove(tx, owner, sessionId));
      found(count > 0n || undefined);
    },
    removeAll: async (owner) => {
      await database.transaction((tx) => store.remove(tx, owner));
    },
  };
}
