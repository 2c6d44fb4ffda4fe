import { Type } from 'typebox';
import { GraceSeconds } from '../keys/schemas.js';
import { Instant, optional, optionalText } from '../sdk-shapes.js';

const text = Type.String();
const textOrNull = Type.Union([Type.String(), Type.Null()]);

export const PlatformBody = Type.Object({
  platform: optionalText({ maxLength: 50 }),
  useCase: optionalText({ maxLength: 500 }),
});
export const PlatformAnswer = Type.Object({ platform: text, useCase: textOrNull, updatedAt: Instant });

export const ChecklistAnswer = Type.Object({
  checklist: Type.Array(
    Type.Object({
      id: text,
      title: text,
      description: text,
      completed: Type.Boolean(),
      required: Type.Boolean(),
      estimatedTime: text,
      order: Type.Integer(),
    }),
  ),
  progress: Type.Integer({ minimum: 0, maximum: 100 }),
  completed: Type.Boolean(),
  completedAt: Type.Optional(Instant),
});

export const TaskParams = Type.Object({ taskId: Type.String({ maxLength: 100 }) });
export const TaskAnswer = Type.Object({
  taskId: text,
  completed: Type.Literal(true),
  progress: Type.Integer(),
});

export const StatusAnswer = Type.Object({
  platform: textOrNull,
  useCase: textOrNull,
  use_case: textOrNull,
  progress: Type.Integer(),
  completed: Type.Boolean(),
  completedAt: Type.Optional(Instant),
  completed_at: Type.Optional(Instant),
});

export const RotateBody = Type.Object({ grace_seconds: optional(GraceSeconds) });
export const RotateAnswer = Type.Object({
  apiKey: Type.String({ description: 'Shown this once.' }),
  maskedApiKey: text,
  apiKeyAvailable: Type.Literal(true),
  previousValidUntil: Type.Union([Instant, Type.Null()]),
});

export const PlatformParams = Type.Object({ platform: Type.String({ maxLength: 50 }) });
export const QuickstartAnswer = Type.Object({
  platform: text,
  markdown: text,
  codeSnippets: Type.Array(Type.Object({ language: text, code: text })),
  config: Type.Object({
    appId: text,
    appName: text,
    maskedApiKey: textOrNull,
    apiKey: textOrNull,
    apiKeyAvailable: Type.Boolean(),
  }),
});
