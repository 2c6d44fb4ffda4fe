import { Type } from 'typebox';

export const NarrationBody = Type.Object({
  language: Type.Optional(Type.String({ maxLength: 35 })),
  voice: Type.Optional(Type.String({ maxLength: 50 })),
  regenerate: Type.Optional(Type.Boolean()),
});

export const AudioResult = Type.Object({
  audioUrl: Type.String(),
  audioDuration: Type.Number({ description: 'Seconds.' }),
  status: Type.String(),
  voice: Type.String(),
});

export const AudioState = Type.Object({
  audioUrl: Type.Optional(Type.String()),
  audioDuration: Type.Optional(Type.Number()),
  status: Type.String(),
  error: Type.Optional(Type.String()),
});
