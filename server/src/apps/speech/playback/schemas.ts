import { Type } from 'typebox';
import { MAX_TEXT_CHARACTERS } from '../files/schemas.js';

const DocumentId = Type.String({ minLength: 1, maxLength: 500 });

export const SyncBody = Type.Object({
  document_id: DocumentId,
  title: Type.String({ maxLength: 1_000 }),
  text_content: Type.String({ maxLength: 4 * MAX_TEXT_CHARACTERS }),
  language_code: Type.Optional(Type.Union([Type.String({ maxLength: 50 }), Type.Null()])),
  resume_key: Type.String({ minLength: 1, maxLength: 1_000 }),
  progress: Type.Number({ minimum: 0, maximum: 1 }),
  is_playing: Type.Boolean(),
  is_paused: Type.Boolean(),
  is_loading: Type.Boolean(),
  current_title: Type.String({ minLength: 1, maxLength: 1_000 }),
  updated_at: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'When this was the case; a write older than the stored one is dropped.',
    }),
  ),
});

export const PlaybackState = Type.Object({
  id: Type.String(),
  document_id: Type.String(),
  title: Type.String(),
  text_content: Type.String(),
  language_code: Type.Union([Type.String(), Type.Null()]),
  resume_key: Type.String(),
  progress: Type.Number(),
  is_playing: Type.Boolean(),
  is_paused: Type.Boolean(),
  is_loading: Type.Boolean(),
  current_title: Type.String(),
  created_at: Type.String(),
  updated_at: Type.String(),
});

export const PlaybackStates = Type.Array(PlaybackState);

export const DocumentParams = Type.Object({ documentId: DocumentId });

export const DeletedFilesQuery = Type.Object({
  since: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
});

export const DeletedFiles = Type.Object({ deleted_files: Type.Array(Type.String()) });
