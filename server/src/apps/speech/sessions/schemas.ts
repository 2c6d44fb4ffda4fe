import { Type } from 'typebox';

export const VerifyBody = Type.Object({
  openai_token: Type.String({
    minLength: 1,
    maxLength: 1_000,
    description: 'The key for the speech provider.',
  }),
});

export const SessionAnswer = Type.Object({
  user_id: Type.String(),
  session_token: Type.String({ description: 'JSON Web Token, valid for seven days.' }),
});
