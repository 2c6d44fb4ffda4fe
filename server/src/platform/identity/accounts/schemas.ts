import { Type } from 'typebox';

const Optional = <T extends ReturnType<typeof Type.String>>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

const Email = Type.String({ maxLength: 320 });
/** Any length: the answer for one that is too short or too long is Better Auth's. */
const Password = Type.String({ maxLength: 10_000 });
const Name = Type.String({ maxLength: 200 });

export const SignUpBody = Type.Object({ email: Email, password: Password, name: Name });
/** The same where older documents leave the name out. */
export const ShortSignUpBody = Type.Object({ email: Email, password: Password, name: Optional(Name) });
export const SignInBody = Type.Object({ email: Email, password: Password });

export const SocialSignInBody = Type.Object({
  provider: Type.String({ maxLength: 100 }),
  idToken: Type.Optional(
    Type.Object({
      token: Type.String({ minLength: 1, maxLength: 10_000 }),
      nonce: Optional(Type.String({ maxLength: 500 })),
      name: Type.Optional(Type.Unknown()),
      user: Type.Optional(Type.Unknown()),
    }),
  ),
});

export const ChangePasswordBody = Type.Object({
  currentPassword: Password,
  newPassword: Password,
  revokeOtherSessions: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
});

export const UpdateUserBody = Type.Object({
  name: Optional(Type.String({ minLength: 1, maxLength: 200 })),
  image: Optional(Type.String({ maxLength: 2_000 })),
});

export const RevokeSessionBody = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 100 })),
  token: Type.Optional(Type.String({ maxLength: 200 })),
});

const SessionFields = {
  id: Type.String(),
  userId: Type.String(),
  expiresAt: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  ipAddress: Type.String(),
  userAgent: Type.String(),
};

const Session = Type.Object({ ...SessionFields, token: Type.String() });
const User = Type.Object(
  { id: Type.String(), name: Type.String(), email: Type.String() },
  { additionalProperties: true, description: "With every app's own fields." },
);

export const CurrentAnswer = Type.Object({ session: Session, user: User });
export const SignInAnswer = Type.Object({
  redirect: Type.Boolean(),
  token: Type.String(),
  user: User,
  session: Session,
  data: CurrentAnswer,
});
export const SessionsAnswer = Type.Array(Type.Object({ ...SessionFields, current: Type.Boolean() }));
export const SuccessAnswer = Type.Object({ success: Type.Boolean() });
export const StatusAnswer = Type.Object({ status: Type.Boolean() });
