import { type Transaction, withTables } from '../../../platform/database/database.js';
import type { Adoption } from '../../../platform/identity/identity-links.js';
import type { Platform } from '../../../platform/platform.js';
import { generationKey } from '../generation/payload.js';
import { enqueueErasing } from '../retention/erasing-job.js';
import type { SpeechTables } from '../tables.js';
import type { FileStore } from './store.js';

/** How an account takes in the library of a key that is linked to it. */
export function speechAdoption(platform: Pick<Platform, 'clock' | 'jobs'>, files: FileStore): Adoption {
  const { clock, jobs } = platform;

  /** Of the same audio one file lives on, best one that is there: nobody makes or stores it twice. */
  const dropTwins = async (tx: Transaction, from: string, to: string, now: number) => {
    for (const { theirs, own } of await files.twins(tx, from, to)) {
      const [stays, goes] =
        own.status !== 'ready' && theirs.status === 'ready' ? [theirs, own] : [own, theirs];
      await withTables<SpeechTables>(tx)
        .updateTable('audio_files')
        .set({ expires_at: Math.max(stays.expires_at, goes.expires_at) })
        .where('id', '=', stays.id)
        .execute();
      await files.becomeExpired(tx, goes.id, now);
      if (goes.status === 'generating') await jobs.cancel(tx, generationKey(goes.id));
      await enqueueErasing(platform, tx, [goes]);
    }
  };

  return {
    adopt: async (tx, from, to) => {
      const now = clock.now();
      await dropTwins(tx, from, to, now);
      // The account's devices ask for what has changed since they last looked.
      await withTables<SpeechTables>(tx)
        .updateTable('audio_files')
        .set({ updated_at: now })
        .where('user_id', '=', from)
        .where('status', '<>', 'expired')
        .execute();
      await keepNewestPlaces(tx, from, to);
    },
  };
}

/** Where both have listened to the same document, they go on where it was heard last. */
async function keepNewestPlaces(tx: Transaction, from: string, to: string): Promise<void> {
  const speech = withTables<SpeechTables>(tx);
  const both = await speech
    .selectFrom('playback_states as theirs')
    .innerJoin('playback_states as own', 'own.document_id', 'theirs.document_id')
    .select([
      'theirs.id as theirs',
      'theirs.updated_at as theirsAt',
      'own.id as own',
      'own.updated_at as ownAt',
    ])
    .where('theirs.user_id', '=', from)
    .where('own.user_id', '=', to)
    .execute();
  for (const { theirs, theirsAt, own, ownAt } of both) {
    const older = theirsAt > ownAt ? own : theirs;
    await speech.deleteFrom('playback_states').where('id', '=', older).execute();
  }
}
