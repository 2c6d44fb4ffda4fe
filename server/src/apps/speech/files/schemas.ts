import { Type } from 'typebox';
import { type SpeechFormat, speechFormats, speechVoices } from '../../../platform/ai/speech-synthesizer.js';

/** The most characters of one text, in Unicode code points. */
export const MAX_TEXT_CHARACTERS = 50_000;

const oneOf = <T extends string>(values: readonly T[], options: object = {}) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...options });

export const GenerateBody = Type.Object({
  text: Type.String({ minLength: 1, maxLength: MAX_TEXT_CHARACTERS }),
  voice: oneOf(speechVoices),
  model: Type.String({
    pattern: '^(tts-1|tts-1-hd|gpt-4o-mini-tts)(-[a-z0-9-]{1,40})?$',
    description: 'tts-1, tts-1-hd, gpt-4o-mini-tts or a dated variant of these.',
  }),
  format: oneOf<SpeechFormat>(speechFormats, { default: 'mp3' }),
  speed: Type.Number({ minimum: 0.25, maximum: 4, default: 1 }),
  openai_token: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_000,
      description: 'The key that pays; else that of the session.',
    }),
  ),
  instructions: Type.Optional(Type.String({ maxLength: 4_096 })),
  title: Type.Optional(Type.String({ maxLength: 500 })),
});

export const GenerateAnswer = Type.Object({
  file_id: Type.String(),
  content_hash: Type.String(),
  status: Type.String(),
  url: Type.Optional(Type.String()),
  expires_at: Type.String(),
});

export const HashParams = Type.Object({
  contentHash: Type.String({ minLength: 64, maxLength: 64, pattern: '^[0-9a-fA-F]*$' }),
});

export const StatusAnswer = Type.Object({
  status: Type.String(),
  file_id: Type.Optional(Type.String()),
  expires_at: Type.Optional(Type.String()),
  progress: Type.Optional(Type.Number({ description: '0 to 1.' })),
  chunks_done: Type.Optional(Type.Integer()),
  chunks_total: Type.Optional(Type.Integer()),
  error: Type.Optional(Type.String({ description: 'Why it failed.' })),
  message: Type.Optional(Type.String()),
});

export const FileParams = Type.Object({ fileId: Type.String({ minLength: 1, maxLength: 200 }) });

export const SinceParams = Type.Object({ timestamp: Type.String({ minLength: 1, maxLength: 64 }) });

export const ListQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(
    Type.String({ maxLength: 100, description: 'The id of the last file of the page before.' }),
  ),
});

export const AudioFile = Type.Object({
  id: Type.String(),
  content_hash: Type.String(),
  text_content: Type.String(),
  title: Type.Union([Type.String(), Type.Null()]),
  voice: Type.String(),
  model: Type.String(),
  format: Type.String(),
  speed: Type.Number(),
  file_name: Type.String(),
  file_size: Type.Integer(),
  duration_seconds: Type.Union([Type.Number(), Type.Null()]),
  status: Type.String(),
  error: Type.Optional(Type.String()),
  progress: Type.Optional(Type.Number()),
  created_at: Type.String(),
  updated_at: Type.String(),
  expires_at: Type.String(),
  url: Type.Optional(Type.String()),
});

export const AudioFiles = Type.Array(AudioFile);

export const Deleted = Type.Object({ deleted: Type.Literal(true) });

/** No body at all: one that is announced keeps clients waiting for it. */
export const NotModified = Type.Unsafe<undefined>({
  type: 'null',
  description: 'The list is as the entity tag says.',
});
