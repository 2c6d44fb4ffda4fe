import { Type } from 'typebox';
import { Data } from '../envelopes.js';
import { Instant } from '../instants.js';
import { mediaKinds } from './media-keys.js';

const id = Type.String({ minLength: 1, maxLength: 200 });
const seconds = Type.Number({ minimum: 0, maximum: 86_400 });

export const AnnouncementBody = Type.Object({
  fileName: Type.String({ minLength: 1, maxLength: 255 }),
  mimeType: Type.String({ minLength: 1, maxLength: 100 }),
  fileSize: Type.Integer({ minimum: 1 }),
  category: Type.Unsafe<(typeof mediaKinds)[number]>({ type: 'string', enum: [...mediaKinds] }),
  sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$' })),
});

const announced = {
  uploadUrl: Type.String(),
  storageKey: Type.String(),
  publicUrl: Type.String(),
  expiresAt: Instant,
};

/** The requirement documents sketch it bare, the app's conventions put it into `data`: both. */
export const AnnouncedUpload = Type.Object({ data: Type.Object(announced), ...announced });

export const UploadParams = Type.Object({ uploadId: id });

export const StoredFile = Data(
  Type.Object({ storageKey: Type.String(), size: Type.Integer(), sha256: Type.String() }),
);

export const ConfirmBody = Type.Object({
  storageKey: Type.String({ minLength: 1, maxLength: 1_024 }),
  heroId: Type.Optional(id),
  avatarPrompt: Type.Optional(Type.String({ maxLength: 4_000 })),
  avatarGenerationId: Type.Optional(Type.String({ maxLength: 500 })),
  storyId: Type.Optional(id),
  audioDuration: Type.Optional(seconds),
  voice: Type.Optional(Type.String({ maxLength: 50 })),
  language: Type.Optional(Type.String({ maxLength: 50 })),
  illustrationId: Type.Optional(id),
  localId: Type.Optional(id),
  imagePrompt: Type.Optional(Type.String({ maxLength: 10_000 })),
  sceneDescription: Type.Optional(Type.String({ maxLength: 10_000 })),
  displayOrder: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 })),
  audioTimestamp: Type.Optional(seconds),
  generationId: Type.Optional(Type.String({ maxLength: 500 })),
  customEventId: Type.Optional(id),
});

export const ConfirmedFile = Data(
  Type.Object({
    storageKey: Type.String(),
    url: Type.String(),
    size: Type.Integer(),
    sha256: Type.String(),
    type: Type.String(),
    id: Type.String(),
    version: Type.Integer(),
    value: Type.Unsafe<Record<string, unknown> | null>({
      type: ['object', 'null'],
      additionalProperties: true,
    }),
  }),
);
