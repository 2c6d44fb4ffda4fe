import { Type } from 'typebox';
import { Data } from '../envelopes.js';
import { Instant } from '../instants.js';
import { NumberOrNull, TextOrNull } from '../wire-fields.js';

export const Illustration = Type.Object({
  id: Type.String(),
  storyId: Type.String(),
  imageUrl: Type.String({ description: 'Empty until it is drawn.' }),
  imagePrompt: Type.String(),
  sceneDescription: Type.String(),
  displayOrder: Type.Integer(),
  audioTimestamp: Type.Number({ description: 'Seconds from the beginning of the narration.' }),
  audioDuration: NumberOrNull,
  generationId: TextOrNull,
  previousGenerationId: TextOrNull,
  generationStatus: Type.String(),
  generationError: TextOrNull,
  retryCount: Type.Integer(),
  createdAt: Instant,
  updatedAt: Instant,
  version: Type.Integer(),
});

export const IllustrationsAnswer = Data(
  Type.Object({ illustrations: Type.Array(Illustration), total: Type.Integer() }),
);

export const IllustrationStatusAnswer = Data(
  Type.Object({
    status: Type.String(),
    progress: Type.Integer({ minimum: 0, maximum: 100 }),
    total: Type.Integer(),
    completed: Type.Integer(),
    processing: Type.Integer(),
    failed: Type.Integer(),
    pending: Type.Integer(),
    illustrations: Type.Array(
      Type.Object({
        id: Type.String(),
        displayOrder: Type.Integer(),
        status: Type.String(),
        error: TextOrNull,
        retryCount: Type.Integer(),
        hasImage: Type.Boolean(),
      }),
    ),
  }),
);
