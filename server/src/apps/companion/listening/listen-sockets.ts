import { Compile } from 'typebox/compile';
import { AppError } from '../../../platform/http/errors.js';
import type { UpgradeRoute } from '../../../platform/http/upgrades.js';
import { DeviceWords, placedDeviceWords } from './device-words.js';
import type { Hub, Peer } from './hub.js';
import { createImageAssembly } from './images.js';
import { ImageChunk, listenMessage, messageIn, SpeakerAssigned } from './listen-messages.js';
import { listenQuery } from './listen-query.js';
import type { createPhotos } from './photos.js';
import { openSession, type SessionParts } from './session.js';
import type { SessionVoice } from './session-voice.js';

const isWords = Compile(DeviceWords);
const isImageChunk = Compile(ImageChunk);
const isAssignment = Compile(SpeakerAssigned);

export const isListenAddress = (url: URL): boolean => /^\/+v4\/+listen\/*$/.test(url.pathname);

/** The app's answer to a text `ping`: a frame that it made by hand (contract §4.2). */
export const isHandmadePong = (message: Uint8Array): boolean =>
  message.length === 2 && message[0] === 0x8a && message[1] === 0;

/** `/v4/listen`, as the mobile app speaks it (contract §4). */
export function listenRoute(
  hub: Hub,
  parts: SessionParts,
  photos: ReturnType<typeof createPhotos>,
): UpgradeRoute {
  const { clock, log } = parts.platform;
  return (request, raw, head, url) => {
    if (!isListenAddress(url)) return false;
    raw.on('error', () => raw.destroy());
    hub.verify(request, url.searchParams.get('token')).then(
      (caller) =>
        hub.open(request, raw, head, (connection, peer) => {
          const query = listenQuery(url.searchParams);
          const voice: SessionVoice = {
            tell: (news) => connection.send(listenMessage(news)),
            end: (code, reason) => connection.close(code, reason),
          };
          const start = async (): Promise<void> => {
            hub.admit(peer(), caller);
            if ('refusal' in query) return connection.close(1008, query.refusal);
            voice.tell({ kind: 'status', status: 'initiating' });
            const session = await openSession(parts, { userId: caller.userId, ...query }, voice);
            peer().session = session;
            // The client may have left meanwhile.
            if (!connection.isOpen) await session.finish();
          };
          const starting = new Promise<void>((resolve) => setImmediate(resolve))
            .then(start)
            .catch((error: unknown) => {
              log.error({ err: error }, 'a listening session could not be started');
              connection.close(
                1011,
                error instanceof AppError ? error.message : 'The server could not begin to listen.',
              );
            });
          connection.holdWhile(starting);
          const images = createImageAssembly(clock);
          return {
            ping: () => connection.send('ping'),
            hear: (message, isBinary) => {
              if (isBinary) {
                if (!isHandmadePong(message)) peer().session?.audio(message);
                return;
              }
              const said = messageIn(message.toString('utf8'));
              if (said) connection.inTurn(() => act(peer(), said, voice, images));
            },
          };
        }),
      (error: unknown) => hub.refuse(raw, error),
    );
    return true;
  };

  async function act(
    { session }: Peer,
    said: { readonly type: string } & Record<string, unknown>,
    voice: SessionVoice,
    images: ReturnType<typeof createImageAssembly>,
  ): Promise<void> {
    if (!session) return;
    if (said.type === 'transcript_segment' && isWords.Check(said)) {
      const words = placedDeviceWords(said, session.startedAt, clock.now());
      if (words) await session.words(words);
    } else if (said.type === 'image_chunk' && isImageChunk.Check(said)) {
      const image = images.add(said);
      if (image) await photos.take(session, image, voice);
    } else if (said.type === 'speaker_assigned' && isAssignment.Check(said)) {
      const isUser = said.person_id === 'user';
      const speaker = `SPEAKER_${String(Math.abs(said.speaker_id)).padStart(2, '0')}`;
      const personId = isUser || said.person_id === '' ? null : said.person_id;
      await session.assign(speaker, { isUser, personId }, said.segment_ids);
    }
  }
}
