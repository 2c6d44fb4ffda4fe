import { Type } from 'typebox';
import { Role } from '../operators/schemas.js';
import { Instant, optional } from '../sdk-shapes.js';

export const MemberParams = Type.Object({ id: Type.String({ maxLength: 100 }) });

export const InviteBody = Type.Object({
  email: Type.String({ minLength: 3, maxLength: 300 }),
  role: Type.Optional(Role),
});

export const AcceptBody = Type.Object({
  token: optional(Type.String({ maxLength: 500 })),
  email: optional(Type.String({ maxLength: 300 })),
  password: optional(Type.String({ maxLength: 1_000 })),
});

export const ChangeMemberBody = Type.Object({ role: optional(Role), is_active: optional(Type.Boolean()) });

const Member = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role: Role,
  is_active: Type.Boolean(),
  created_at: Instant,
  last_seen_at: Type.Union([Instant, Type.Null()]),
});

const Invitation = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role: Role,
  expires_at: Instant,
});

export const TeamAnswer = Type.Object({ members: Type.Array(Member), invitations: Type.Array(Invitation) });

export const InviteAnswer = Type.Object({
  invitation: Invitation,
  token: Type.String({ description: 'Shown this once. Seven days.' }),
  url: Type.String({ description: 'The page on which the invited person chooses a password.' }),
});

export const MemberAnswer = Type.Object({ member: Member });

export const OperatorsAnswer = Type.Object({
  operators: Type.Array(
    Type.Object({ id: Type.String(), email: Type.String(), role: Role, is_active: Type.Boolean() }),
  ),
});
