import { sql } from 'kysely';
import { type Transaction, withTables } from '../../../platform/database/database.js';
import type { Adoption } from '../../../platform/identity/identity-links.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { CompanionTables } from '../tables.js';

/** How an account takes in what the companion has of a sign-in that is linked to it. */
export function companionAdoption(
  { clock }: Pick<Platform, 'clock'>,
  { erasing, summaries, stores }: Pick<Rooms, 'erasing' | 'summaries' | 'stores'>,
): Adoption {
  /** The account's own settings stay; what it has not set is filled in. */
  const joinProfiles = async (tx: Transaction, from: string, to: string) => {
    const [theirs, own] = [await stores.profiles.find(from, tx), await stores.profiles.find(to, tx)];
    if (!theirs || !own) return;
    await stores.profiles.change(
      tx,
      to,
      {
        language: own.language ?? theirs.language,
        time_zone: own.time_zone ?? theirs.time_zone,
        store_recordings: own.store_recordings ?? theirs.store_recordings,
        preferred_app_id: own.preferred_app_id ?? theirs.preferred_app_id,
        geolocation: own.geolocation ?? theirs.geolocation,
        speech_profile_key: own.speech_profile_key ?? theirs.speech_profile_key,
      },
      clock.now(),
    );
    if (own.speech_profile_key && theirs.speech_profile_key)
      await erasing.erase(tx, from, [theirs.speech_profile_key]);
    await withTables<CompanionTables>(tx)
      .deleteFrom('companion_profiles')
      .where('user_id', '=', from)
      .execute();
  };

  /** One conversation of a user is in progress: theirs ends here, and is summarised. */
  const endLive = async (tx: Transaction, from: string, to: string) => {
    const [theirs, own] = [
      await stores.conversations.live(tx, from),
      await stores.conversations.live(tx, to),
    ];
    if (!theirs || !own) return;
    await stores.conversations.change(tx, theirs.id, clock.now(), { status: 'processing' });
    await summaries.enqueue(tx, from, theirs.id, { keep: false });
  };

  return {
    adopt: async (tx, from, to) => {
      await joinProfiles(tx, from, to);
      await endLive(tx, from, to);
      await mixChats(tx, from, to);
      await addUsage(tx, from, to);
      await dropKnown(tx, from, to);
    },
  };
}

/** Messages of both get new places, in the order in which they were written. */
async function mixChats(tx: Transaction, from: string, to: string): Promise<void> {
  const messages = sql.table('companion_chat_messages');
  // Below zero first, so that no place is taken twice in between.
  await sql`update ${messages} set position = -place
    from (
      select id as placed_id, row_number() over (partition by app_id order by created_at, position, id) as place
      from ${messages} where user_id in (${from}, ${to})
    ) as placed
    where placed_id = id`.execute(tx);
  await sql`update ${messages} set user_id = ${to} where user_id = ${from}`.execute(tx);
  await sql`update ${messages} set position = -position where user_id = ${to}`.execute(tx);
}

/** What both used on a day adds up. */
async function addUsage(tx: Transaction, from: string, to: string): Promise<void> {
  const companion = withTables<CompanionTables>(tx);
  const days = await companion
    .selectFrom('companion_usage as theirs')
    .innerJoin('companion_usage as own', 'own.day', 'theirs.day')
    .selectAll('theirs')
    .where('theirs.user_id', '=', from)
    .where('own.user_id', '=', to)
    .execute();
  for (const theirs of days) {
    const { day } = theirs;
    await companion
      .updateTable('companion_usage')
      .set((eb) => ({
        transcription_seconds: eb('transcription_seconds', '+', theirs.transcription_seconds),
        words_transcribed: eb('words_transcribed', '+', theirs.words_transcribed),
        insights_gained: eb('insights_gained', '+', theirs.insights_gained),
        memories_created: eb('memories_created', '+', theirs.memories_created),
      }))
      .where('user_id', '=', to)
      .where('day', '=', day)
      .execute();
    await companion
      .deleteFrom('companion_usage')
      .where('user_id', '=', from)
      .where('day', '=', day)
      .execute();
  }
}

/** Webhooks that the account has set, and recordings that it has taken in, are the account's own. */
async function dropKnown(tx: Transaction, from: string, to: string): Promise<void> {
  const companion = withTables<CompanionTables>(tx);
  await companion
    .deleteFrom('companion_webhooks')
    .where('user_id', '=', from)
    .where('type', 'in', companion.selectFrom('companion_webhooks').select('type').where('user_id', '=', to))
    .execute();
  await companion
    .deleteFrom('companion_offline_files')
    .where('user_id', '=', from)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('companion_offline_files as own')
          .select('own.sha256')
          .where('own.user_id', '=', to)
          .whereRef('own.file_name', '=', 'companion_offline_files.file_name')
          .whereRef('own.sha256', '=', 'companion_offline_files.sha256'),
      ),
    )
    .execute();
}
