import type { Static } from 'typebox';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { AudioFile as AudioFileShape, GenerateAnswer, StatusAnswer } from './schemas.js';
import type { AudioFile } from './store.js';

const urlOf = (file: AudioFile) => (file.status === 'ready' ? { url: `/files/${file.id}` } : {});

const progressOf = (file: AudioFile): number => {
  if (file.status === 'ready') return 1;
  return file.chunks_total === 0 ? 0 : file.chunks_done / file.chunks_total;
};

/** The answer to a request for audio. */
export const presentOrder = (file: AudioFile): Static<typeof GenerateAnswer> => ({
  file_id: file.id,
  content_hash: file.content_hash,
  status: file.status,
  ...urlOf(file),
  expires_at: isoInstant(file.expires_at),
});

/** How far a file is; `not_found` is a status of its own, since clients poll hashes that may be gone. */
export function presentStatus(file: AudioFile | null): Static<typeof StatusAnswer> {
  if (!file) return { status: 'not_found' };
  return {
    status: file.status,
    file_id: file.id,
    expires_at: isoInstant(file.expires_at),
    progress: progressOf(file),
    chunks_done: file.chunks_done,
    chunks_total: file.chunks_total,
    ...(file.failure ? { error: file.failure, message: file.failure } : {}),
  };
}

/** A file as lists show it. */
export const presentFile = (file: AudioFile): Static<typeof AudioFileShape> => ({
  id: file.id,
  content_hash: file.content_hash,
  text_content: file.text_content,
  title: file.title,
  voice: file.voice,
  model: file.model,
  format: file.format,
  speed: file.speed,
  file_name: file.file_name ?? '',
  file_size: file.file_size ?? 0,
  duration_seconds: file.duration_ms === null ? null : file.duration_ms / 1_000,
  status: file.status,
  ...(file.failure ? { error: file.failure } : {}),
  ...(file.status === 'generating' ? { progress: progressOf(file) } : {}),
  created_at: isoInstant(file.created_at),
  updated_at: isoInstant(file.updated_at),
  expires_at: isoInstant(file.expires_at),
  ...urlOf(file),
});
