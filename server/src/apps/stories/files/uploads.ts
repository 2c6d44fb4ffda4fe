import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { audioDuration } from '../../../platform/audio/duration.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV4, uuidV7 } from '../../../platform/ids.js';
import { signedUrls } from '../../../platform/media/signed-urls.js';
import type { Platform } from '../../../platform/platform.js';
import type { StoryMedia } from '../services.js';
import { announcedType, type FileType, maxBytesOf, typeByContent, typesOf } from './file-types.js';
import type { MediaKind } from './media-keys.js';
import { receiveFile } from './receive-file.js';
import { currentOrigin } from './request-origin.js';
import type { Upload, UploadStore } from './upload-store.js';

/** A file that a client is about to send. */
export interface Announcement {
  readonly fileName: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly fileSize: number;
  readonly category: MediaKind;
  /** SHA-256 in hexadecimal digits, checked when it is given. */
  readonly sha256?: string;
}

export interface AnnouncedUpload {
  readonly uploadUrl: string;
  readonly storageKey: string;
  readonly publicUrl: string;
  /** Epoch ms: until then the bytes may be sent. */
  readonly expiresAt: number;
}

/** How long an upload address is good for. */
const UPLOAD_MS = 60 * 60_000;
/** How long stored bytes wait for their confirmation: a migration that was interrupted may go on the next day. */
const CONFIRM_MS = 48 * 60 * 60_000;
/** What one user may have announced and not confirmed. */
const UNCONFIRMED_BYTES = 1024 * 1_048_576;
export const UPLOAD_SCRATCH = 'stories-upload-';

/** Files that come from devices (contract §3.8): announced, sent to a signed address of ours, confirmed afterwards. */
export function createUploads(
  platform: Platform,
  { store, media: storyMedia }: { readonly store: UploadStore; readonly media: StoryMedia },
) {
  const { clock, config, database, log, media, scratchDirectory, secrets } = platform;
  const urls = signedUrls(secrets.derive('stories-uploads'));

  return {
    /** @throws AppError 400 for a type or size that the category does not take, 429 when too much waits unconfirmed */
    announce: async (userId: string, announced: Announcement): Promise<AnnouncedUpload> => {
      const { category, fileName, fileSize } = announced;
      const type = announcedType(category, announced.mimeType);
      if (!type) {
        throw errors.validation(
          `must be one of ${typesOf(category)
            .map(({ mimeType }) => mimeType)
            .join(', ')}`,
          { field: 'mimeType' },
        );
      }
      const limit = maxBytesOf(category);
      if (fileSize > limit) {
        throw errors.validation(`must be at most ${limit} bytes for ${category}`, { field: 'fileSize' });
      }
      const now = clock.now();
      const id = uuidV7(now);
      const expiresAt = now + UPLOAD_MS;
      // The random end of the id keeps files of one name and millisecond apart.
      const name = `${id.slice(-12)}-${fileName.replace(/\.[^.]*$/, '')}.${type.extension}`;
      const key = storyMedia.keyFor(category, userId, name, now);
      await database.transaction(async (tx) => {
        if ((await store.unconfirmedBytes(tx, userId, now)) + fileSize > UNCONFIRMED_BYTES) {
          throw errors.quotaExceeded('Too many files wait to be confirmed. Confirm them, then go on.', {
            retryAfterSeconds: 60,
          });
        }
        await store.add(tx, {
          id,
          user_id: userId,
          category,
          media_key: key,
          mime_type: type.mimeType,
          file_name: fileName,
          size: fileSize,
          sha256: announced.sha256?.toLowerCase() ?? null,
          audio_duration: null,
          status: 'announced',
          bound_type: null,
          bound_id: null,
          created_at: now,
          expires_at: expiresAt,
        });
      });
      const origin = config.PUBLIC_URL?.replace(/\/+$/, '') ?? currentOrigin() ?? '';
      return {
        uploadUrl: `${origin}/api/files/upload/${id}?expires=${expiresAt}&signature=${urls.sign(id, expiresAt)}`,
        storageKey: key,
        publicUrl: storyMedia.address(key) ?? '',
        expiresAt,
      };
    },

    /**
     * Takes the bytes of an announced upload. Sending them again replaces them until they are confirmed.
     *
     * @throws AppError 403 for an address that is forged or expired, 404 when the upload was given up, 400 when the
     * bytes are not what was announced, 409 when other bytes are confirmed already
     */
    receive: async (
      signed: { readonly id: string; readonly expires: number; readonly signature: string },
      body: Readable,
    ): Promise<{ readonly storageKey: string; readonly size: number; readonly sha256: string }> => {
      if (!urls.verify(signed.id, signed.expires, signed.signature, clock.now())) {
        throw errors.forbidden('This upload address is not valid or has expired. Announce the file again.');
      }
      const upload = await store.byId(signed.id);
      if (!upload) throw errors.notFound('This upload was given up. Announce the file again.');
      const file = join(scratchDirectory, `${UPLOAD_SCRATCH}${uuidV4()}`);
      try {
        const { sha256, start } = await receiveFile(body, file, upload.size);
        const type = checkedType(upload, start);
        const stored = { storageKey: upload.media_key, size: upload.size, sha256 };
        if (upload.status === 'confirmed') {
          if (upload.sha256 !== sha256) throw errors.conflict('Other bytes were confirmed already.');
          return stored;
        }
        if (upload.status === 'announced' && upload.sha256 !== null && upload.sha256 !== sha256) {
          throw errors.validation('The file is not the one that was announced: its SHA-256 differs.', {
            field: 'sha256',
          });
        }
        const duration = await durationOf(file, type);
        await media.put(upload.media_key, { file });
        await database.transaction((tx) =>
          store.stored(tx, upload.id, {
            sha256,
            audio_duration: duration,
            expires_at: clock.now() + CONFIRM_MS,
          }),
        );
        return stored;
      } finally {
        await rm(file, { force: true });
      }
    },
  };

  /** Null when it cannot be measured: what players take is more than what we can. */
  async function durationOf(file: string, { format }: FileType): Promise<number | null> {
    if (!format) return null;
    try {
      return await audioDuration(file, format);
    } catch (error) {
      log.debug({ err: error, format }, 'the duration of an uploaded file could not be measured');
      return null;
    }
  }
}

function checkedType({ mime_type, category }: Upload, start: Buffer): FileType {
  const type = typeByContent(start);
  if (type?.mimeType === mime_type && typesOf(category as MediaKind).includes(type)) return type;
  throw errors.validation(
    `The file was announced as ${mime_type} but is ${type ? type.mimeType : 'of no type that is taken'}.`,
    { field: 'mimeType' },
  );
}

export type Uploads = ReturnType<typeof createUploads>;
