import { Type } from 'typebox';

const Instant = Type.String({ format: 'date-time' });

export const AccountAnswer = Type.Object({
  id: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  name: Type.Union([Type.String(), Type.Null()]),
  is_operator: Type.Boolean({ description: 'May call /api/operator.' }),
  server_has_operator: Type.Boolean(),
});

export const UsageQuery = Type.Object({
  days: Type.Integer({
    minimum: 1,
    maximum: 31,
    default: 14,
    description: 'How many UTC days, today included.',
  }),
});

export const UsageAnswer = Type.Object({
  days: Type.Array(Type.String({ format: 'date', description: 'UTC, oldest first.' })),
  apps: Type.Array(
    Type.Object({
      app: Type.String(),
      title: Type.String(),
      stored_bytes: Type.Union([Type.Integer(), Type.Null()], {
        description:
          'Of the user’s media. Counted every six hours, those of speech at once; null where none were counted.',
      }),
      series: Type.Array(
        Type.Object({
          unit: Type.String(),
          total: Type.Number(),
          counts: Type.Array(Type.Number(), { description: 'One for each of `days`.' }),
        }),
      ),
    }),
  ),
});

export const KeysAnswer = Type.Object({
  keys: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String({ description: 'What it opens.' }),
      name: Type.String(),
      prefix: Type.String({ description: 'By which its owner recognises it.' }),
      created_at: Instant,
      last_used_at: Type.Union([Instant, Type.Null()]),
    }),
  ),
});

export const IdentitiesAnswer = Type.Object({
  identities: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.Union([
        Type.Literal('email'),
        Type.Literal('apple'),
        Type.Literal('firebase'),
        Type.Literal('speech-key'),
        Type.Literal('other'),
      ]),
      linked_at: Instant,
      can_unlink: Type.Boolean(),
    }),
  ),
});

export const LinkBody = Type.Object({
  token: Type.String({
    minLength: 1,
    maxLength: 10_000,
    description:
      'Proves the other identity: a session token of the speech app (`POST /auth/verify` gives one for a key), or a Firebase ID token.',
  }),
});

export const IdentityParams = Type.Object({ id: Type.String({ maxLength: 100 }) });
