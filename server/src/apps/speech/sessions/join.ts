import { type Transaction, withTables } from '../../../platform/database/database.js';
import type { SpeechTables } from '../tables.js';

/**
 * When a key is linked to an account, its library becomes the account's. What both have (the same living audio, the same
 * document's place) stays where it is, and so keeps the two apart.
 */
export async function moveLibrary(tx: Transaction, from: string, to: string): Promise<void> {
  const speech = withTables<SpeechTables>(tx);
  await speech
    .updateTable('audio_files')
    .set({ user_id: to })
    .where('user_id', '=', from)
    .where(({ eb, not, exists, and, selectFrom }) =>
      not(
        and([
          eb('status', 'in', ['generating', 'ready']),
          exists(
            selectFrom('audio_files as theirs')
              .select('theirs.id')
              .where('theirs.user_id', '=', to)
              .whereRef('theirs.content_hash', '=', 'audio_files.content_hash')
              .where('theirs.status', 'in', ['generating', 'ready']),
          ),
        ]),
      ),
    )
    .execute();
  await speech
    .updateTable('playback_states')
    .set({ user_id: to })
    .where('user_id', '=', from)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('playback_states as theirs')
            .select('theirs.id')
            .where('theirs.user_id', '=', to)
            .whereRef('theirs.document_id', '=', 'playback_states.document_id'),
        ),
      ),
    )
    .execute();
}
