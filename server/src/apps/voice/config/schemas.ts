import { Type } from 'typebox';

const Names = Type.Array(Type.String());

export const Offer = Type.Object({
  key: Type.Object({
    required: Type.Boolean({ description: 'Whether nothing works without a key or an account.' }),
    accepted: Type.Boolean({ description: 'Whether a key of the upstream changes who answers.' }),
  }),
  engines: Type.Object({
    llm: Type.Boolean(),
    stt: Type.Boolean({ description: 'POST /api/transcribe hears words without a key.' }),
    tts: Type.Boolean(),
  }),
  modes: Type.Object(
    { recognition: Names, speech: Names, realtime: Type.Boolean() },
    { description: 'Where it can be done: in the `browser`, on the `server`.' },
  ),
  voices: Names,
  formats: Names,
  realtimeModel: Type.String(),
  history: Type.Boolean({ description: 'Whether the server keeps conversations that ask for it.' }),
  limits: Type.Object({
    messageCharacters: Type.Integer(),
    historyItems: Type.Integer(),
    historyCharacters: Type.Integer(),
  }),
});
