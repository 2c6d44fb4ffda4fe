import { createRooms } from '../../src/apps/companion/rooms.js';
import type { NewSegment } from '../../src/apps/companion/services.js';
import type { CompanionApp, CompanionUser } from './companion-app.js';
import { eventually } from './servers.js';

/** Stores a conversation as a finished recording; its id. Its summary is made by the server's own job. */
export async function talked(
  app: CompanionApp,
  userId: string,
  words: string | readonly (Partial<NewSegment> & Pick<NewSegment, 'text'>)[],
  startedAt = Date.now() - 60_000,
): Promise<string> {
  const lines = typeof words === 'string' ? [{ text: words }] : words;
  const segments = lines.map((line, index) => ({
    speaker: 'SPEAKER_00',
    is_user: 0,
    person_id: null,
    start_at: index * 5,
    end_at: index * 5 + 4,
    ...line,
  }));
  const { conversations } = createRooms(app.platform);
  return app.platform.database.transaction((tx) =>
    conversations.createFromRecording(tx, userId, { startedAt, language: 'en', source: 'omi', segments }),
  );
}

/** The conversation once it is summarised, as the app reads it. */
export const summarized = async (user: CompanionUser, id: string, withinMs = 30_000) =>
  (
    await eventually(
      () => user.get(`v1/conversations/${id}`),
      ({ json }) => json.status === 'completed',
      withinMs,
    )
  ).json;
