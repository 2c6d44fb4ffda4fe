import type { Log } from '../../../platform/log.js';
import type { Rooms } from '../rooms.js';
import type { SegmentRow } from '../tables.js';
import type { LiveTap } from './live-tap.js';
import { nameIn } from './names.js';
import type { SessionVoice } from './session-voice.js';
import type { Translator } from './translator.js';

/** Of the segments that `speaker_assigned` may name. */
const REMEMBERED = 10_000;

/** Words that are stored, told to everybody whom they concern. */
export interface ToldWords {
  /** Tells the session's own client, the user's other sockets, and whoever listens live; then what is made of the words. */
  tell(conversationId: string, rows: readonly SegmentRow[]): void;
  /** Whether this session has told of the segment. */
  has(segmentId: string): boolean;
}

/** @param session `isOpen`: its client still wants to hear what is made of the words */
export function createToldWords(
  parts: {
    readonly log: Log;
    readonly rooms: Pick<Rooms, 'events' | 'people'>;
    readonly translator: Translator;
    readonly live: LiveTap;
  },
  voice: SessionVoice,
  session: { readonly id: string; readonly userId: string; isOpen(): boolean },
): ToldWords {
  const { log, rooms, translator, live } = parts;
  const { id, userId } = session;
  const told = new Set<string>();
  const logged = (what: string) => (error: unknown) => log.warn({ err: error }, what);

  let translating: Promise<void> = Promise.resolve();
  const translate = async (rows: readonly SegmentRow[]): Promise<void> => {
    const segments = await translator.translate(userId, rows);
    if (segments.length > 0 && session.isOpen()) voice.tell({ kind: 'translating', segments });
  };

  const suggestName = async (row: SegmentRow): Promise<void> => {
    const name = row.is_user === 1 || row.person_id !== null ? null : nameIn(row.text);
    if (name === null) return;
    const person = await rooms.people.byName(userId, name);
    const personId = person?.id ?? '';
    const personName = person?.name ?? name;
    voice.tell({ kind: 'speaker', speaker: row.speaker, personId, personName, segmentId: row.id });
  };

  return {
    has: (segmentId) => told.has(segmentId),
    tell: (conversationId, rows) => {
      for (const row of rows) told.add(row.id);
      for (const oldest of told) {
        if (told.size <= REMEMBERED) break;
        told.delete(oldest);
      }
      if (rows.length === 0) return;
      voice.tell({ kind: 'segments', conversationId, segments: rows });
      const ids = rows.map((row) => row.id);
      rooms.events
        .segments(userId, conversationId, ids, id)
        .catch(logged('other sockets could not be told of words'));
      live.heard(userId, conversationId, rows);
      translating = translating.then(() => translate(rows)).catch(logged('words could not be translated'));
      for (const row of rows) suggestName(row).catch(logged('a name could not be looked up'));
    },
  };
}
