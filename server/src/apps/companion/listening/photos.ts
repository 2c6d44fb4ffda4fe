import { uuidV4 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import { mediaKey } from '../media/keys.js';
import type { Rooms } from '../rooms.js';
import type { ReceivedImage } from './images.js';
import type { Session } from './session.js';
import type { SessionVoice } from './session-voice.js';

const instructions =
  'Describe in one or two sentences what somebody sees who wears the camera that took this picture. Answer NOTHING when there is nothing to recognise.';
const describeMilliseconds = 60_000;

/** Photos of a camera that is worn: kept with the conversation, and described where the engine can see. */
export const createPhotos = ({ media, text, log }: Platform, { conversations }: Rooms) => ({
  async take(session: Session, image: ReceivedImage, voice: SessionVoice): Promise<void> {
    const { bytes, mediaType, extension, temporaryId } = image;
    const { userId } = session;
    const key = mediaKey(userId, 'photo', `${uuidV4()}.${extension}`);
    await media.put(key, bytes);
    const photo = await session.withConversation((conversationId) =>
      conversations.addPhoto(userId, conversationId, { mediaKey: key, mediaType }),
    );
    voice.tell({ kind: 'photo-received', temporaryId, photoId: photo.id });
    if (text.engine === 'builtin') return; // it is blind
    const answer = text.text(
      [
        { role: 'system', content: instructions },
        { role: 'user', content: 'The picture:', images: [{ data: bytes, mediaType }] },
      ],
      { maxTokens: 200, signal: AbortSignal.timeout(describeMilliseconds) },
    );
    answer
      .then(({ text: said }) => {
        const discarded = said.trim().toUpperCase().startsWith('NOTHING');
        return { description: discarded ? '' : said.trim(), discarded };
      })
      .then(async ({ description, discarded }) => {
        await conversations.describePhoto(userId, photo.id, description, discarded);
        voice.tell({ kind: 'photo-described', photoId: photo.id, description, discarded });
      })
      .catch((error: unknown) => log.warn({ err: error }, 'a photo could not be described'));
  },
});
