import { Type } from 'typebox';
import { speechFormats } from '../../../platform/ai/speech-synthesizer.js';

export const MESSAGE_CHARACTERS = 4_000;
export const HISTORY_ITEMS = 40;
export const HISTORY_CHARACTERS = 24_000;

/** One earlier message of the conversation. */
const HistoryItem = Type.Object({
  role: Type.Unsafe<'user' | 'assistant'>({ type: 'string', enum: ['user', 'assistant'] }),
  content: Type.String(),
});

/** Members that are not named here are ignored (contract §5.1). */
export const ConversationBody = Type.Object({
  message: Type.String({ description: `1 to ${MESSAGE_CHARACTERS} characters.` }),
  apiKey: Type.Optional(
    Type.String({ description: 'The caller’s key; may also come as `Authorization: Bearer`.' }),
  ),
  history: Type.Optional(
    Type.Array(HistoryItem, {
      description: `What was said before, oldest first; the last ${HISTORY_ITEMS} messages and ${HISTORY_CHARACTERS} characters count.`,
    }),
  ),
  sessionId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  stream: Type.Optional(Type.Boolean({ description: 'Answer as server-sent events.' })),
  voice: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'Speaks the answer too; streams only.' }),
  ),
  format: Type.Optional(
    Type.Unsafe<(typeof speechFormats)[number]>({
      type: 'string',
      enum: [...speechFormats],
      description: 'Of the speech; mp3 unless told otherwise.',
    }),
  ),
});

const Usage = Type.Object({
  input_tokens: Type.Integer(),
  output_tokens: Type.Integer(),
  total_tokens: Type.Integer(),
});

export const ConversationAnswer = Type.Object({
  response: Type.String({ description: 'What the assistant says.' }),
  text: Type.String({ description: 'The same.' }),
  id: Type.String({ description: 'Of this turn.' }),
  model: Type.String(),
  usage: Type.Union([Usage, Type.Null()]),
});
