import { Type } from 'typebox';

const Instant = Type.String({ format: 'date-time' });
const Bytes = Type.Union([Type.Integer(), Type.Null()]);

export const JobsAnswer = Type.Object({
  queued: Type.Integer(),
  running: Type.Integer(),
  failed: Type.Integer({ description: 'For good, within the last 7 days.' }),
  kinds: Type.Array(Type.Object({ name: Type.String(), waiting: Type.Integer() })),
  failures: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      reason: Type.String({ description: 'Name and code of the last error.' }),
      attempts: Type.Integer(),
      failed_at: Instant,
      can_retry: Type.Boolean({ description: 'What it needs was kept.' }),
    }),
    { description: 'The newest 50.' },
  ),
});

export const JobParams = Type.Object({ id: Type.String({ maxLength: 100 }) });

export const StorageAnswer = Type.Object({
  database: Type.Object({ dialect: Type.String(), bytes: Bytes }),
  media: Type.Object({
    place: Type.Union([Type.Literal('files'), Type.Literal('s3')]),
    bytes: Type.Integer(),
    objects: Type.Integer(),
    is_complete: Type.Boolean({ description: 'False when there are more objects than were counted.' }),
  }),
  disk: Type.Object(
    { bytes: Type.Integer(), free_bytes: Type.Integer() },
    { description: 'That of DATA_DIR.' },
  ),
  last_backup_at: Type.Union([Instant, Type.Null()], { description: 'Null when none is known.' }),
});

export const ErrorsAnswer = Type.Object({
  errors: Type.Array(
    Type.Object({
      time: Instant,
      message: Type.String(),
      type: Type.Union([Type.String(), Type.Null()]),
      detail: Type.Union([Type.String(), Type.Null()]),
      request_id: Type.Union([Type.String(), Type.Null()]),
    }),
    { description: 'What this node has logged since its start, newest first; at most 50.' },
  ),
});
