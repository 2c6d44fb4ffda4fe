import { Type } from 'typebox';

const Open = { additionalProperties: true } as const;

/** `expires_after` of contract §8.2; ten minutes unless told otherwise. */
const ExpiresAfter = Type.Object({
  anchor: Type.Optional(Type.Literal('created_at')),
  seconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 7_200 })),
});

export const ClientSecretBody = Type.Object({
  expires_after: Type.Optional(ExpiresAfter),
  session: Type.Optional(
    Type.Object(
      {
        type: Type.Optional(
          Type.Unsafe<'realtime' | 'transcription'>({ type: 'string', enum: ['realtime', 'transcription'] }),
        ),
      },
      { ...Open, description: 'A session’s configuration; what is missing takes its default.' },
    ),
  ),
});

const Session = Type.Object({}, { ...Open, description: 'The configuration that holds.' });

export const ClientSecretAnswer = Type.Object({
  value: Type.String(),
  expires_at: Type.Integer({ description: 'Epoch seconds.' }),
  session: Session,
});

export const OlderSessionBody = Type.Object(
  { model: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
  { ...Open, description: 'A session’s configuration in the older, flat form.' },
);

export const OlderSessionAnswer = Type.Object(
  { client_secret: Type.Object({ value: Type.String(), expires_at: Type.Integer() }) },
  Open,
);
