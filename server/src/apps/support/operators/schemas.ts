import { Type } from 'typebox';
import { oneOf, optional } from '../sdk-shapes.js';

const Email = Type.String({ maxLength: 300 });
/** scrypt digests any length first; this only keeps the work of reading it bounded. */
const Password = Type.String({ maxLength: 1_000 });
const Token = Type.String({ maxLength: 500 });

export const Role = oneOf(['OWNER', 'ADMIN', 'AGENT']);

export const SignUpBody = Type.Object({
  email: optional(Email),
  password: optional(Password),
  appName: optional(Type.String({ maxLength: 200 })),
});

export const SignInBody = Type.Object({ email: optional(Email), password: optional(Password) });

export const RefreshBody = Type.Object({ refresh_token: optional(Token) });

export const PasswordBody = Type.Object({
  current_password: optional(Password),
  new_password: optional(Password),
});

const tokens = {
  access_token: Type.String(),
  refresh_token: Type.String({ description: 'Replaces the one before. Seven days.' }),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds.' }),
};

export const TokensAnswer = Type.Object(tokens);

const UserAnswer = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role: Role,
  app_id: Type.String(),
});

export const SessionAnswer = Type.Object({ ...tokens, user: UserAnswer });

export const SignUpAnswer = Type.Object({
  ...tokens,
  app: Type.Object({
    id: Type.String(),
    name: Type.String(),
    api_key: Type.String({ description: 'Shown this once.' }),
  }),
  user: UserAnswer,
});

export const ProfileAnswer = Type.Object({
  user: UserAnswer,
  app: Type.Object({ id: Type.String(), name: Type.String() }),
  permissions: Type.Array(Type.String()),
});

export const MessageAnswer = Type.Object({ message: Type.String() });
