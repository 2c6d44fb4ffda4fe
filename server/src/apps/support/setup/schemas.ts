import { Type } from 'typebox';
import { SessionAnswer } from '../operators/schemas.js';
import { Instant, optional } from '../sdk-shapes.js';

const Name = Type.String({ maxLength: 200 });

export const CreateAppBody = Type.Object({ name: optional(Name) });

export const StartBody = Type.Object({
  app_name: optional(Name),
  email: optional(Type.String({ maxLength: 300 })),
  password: optional(Type.String({ maxLength: 1_000 })),
});

const app = { id: Type.String(), name: Type.String(), created_at: Instant };
const madeApp = Type.Object({ ...app, api_key: Type.String({ description: 'Shown this once.' }) });

const Snippets = Type.Array(
  Type.Object({ platform: Type.String(), language: Type.String(), code: Type.String() }),
);

export const AppsAnswer = Type.Object({ apps: Type.Array(Type.Object(app)) });
export const CreatedAppAnswer = Type.Object({ app: madeApp, snippets: Snippets });
export const StartedAnswer = Type.Object({ ...SessionAnswer.properties, app: madeApp, snippets: Snippets });
