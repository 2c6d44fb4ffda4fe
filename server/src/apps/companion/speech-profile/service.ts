import { uuidV4 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { Erasing } from '../media/erasing.js';
import { mediaKey } from '../media/keys.js';
import type { ProfileStore } from '../users/store.js';
import { checkVoiceSample } from './voice-sample.js';

/** The user's enrolled voice: one recording, replaced by the next. */
export function createSpeechProfiles(
  { database, clock, media }: Pick<Platform, 'database' | 'clock' | 'media'>,
  profiles: ProfileStore,
  erasing: Erasing,
) {
  return {
    /** Its media key; null when there is none. */
    keyOf: async (userId: string): Promise<string | null> =>
      (await profiles.find(userId))?.speech_profile_key ?? null,

    /** @returns its media key */
    enrol: async (userId: string, recording: Uint8Array): Promise<string> => {
      checkVoiceSample(recording);
      const key = mediaKey(userId, 'voice', `${uuidV4()}.wav`);
      await media.put(key, recording);
      await database.transaction(async (tx) => {
        const before = (await profiles.find(userId, tx))?.speech_profile_key;
        await profiles.change(tx, userId, { speech_profile_key: key }, clock.now());
        if (before) await erasing.erase(tx, userId, [before]);
      });
      return key;
    },
  };
}

export type SpeechProfiles = ReturnType<typeof createSpeechProfiles>;
