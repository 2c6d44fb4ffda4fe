import { Type } from 'typebox';

export const Email = Type.String({ maxLength: 320 });

export const Password = Type.String({ maxLength: 1_000 });

export const LoginBody = Type.Object({
  token: Type.Optional(Type.String({ maxLength: 16_384 })),
  email: Type.Optional(Email),
  password: Type.Optional(Password),
});
