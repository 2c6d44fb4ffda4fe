import { Type } from 'typebox';

const Instant = Type.String({ format: 'date-time' });

export const SessionShape = Type.Object({
  id: Type.String(),
  started_at: Instant,
  ended_at: Type.Union([Instant, Type.Null()]),
  updated_at: Instant,
});

export const MessageShape = Type.Object({
  id: Type.String(),
  sender: Type.Unsafe<'user' | 'bot'>({ type: 'string', enum: ['user', 'bot'] }),
  message_text: Type.String(),
  created_at: Instant,
});

export const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

export const Gone = Type.Null({ description: 'Done.' });
