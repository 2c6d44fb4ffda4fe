import { Type } from 'typebox';

const Segment = Type.Object({ text: Type.String(), start: Type.Number(), end: Type.Number() });

export const Transcribed = Type.Object({
  text: Type.String(),
  language: Type.Union([Type.String(), Type.Null()], { description: 'ISO 639-1, when it is known.' }),
  duration_s: Type.Number(),
  segments: Type.Array(Segment),
  hears: Type.Unsafe<'words' | 'times'>({
    type: 'string',
    enum: ['words', 'times'],
    description: '`times`: this server hears that somebody speaks, and no words.',
  }),
});
