import { type Static, Type } from 'typebox';
import { AnyObject, Open, oneOf, orNull } from '../shapes.js';

const Part = Type.Object(
  {
    type: Type.String(),
    text: Type.Optional(Type.String()),
    image_url: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  },
  Open,
);

/** A message, a call of a function, or what came of it; other items are refused by name. */
const InputItem = Type.Object(
  {
    type: Type.Optional(Type.String()),
    role: Type.Optional(oneOf('system', 'developer', 'user', 'assistant')),
    content: Type.Optional(Type.Union([Type.String(), Type.Array(Part)])),
    call_id: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    arguments: Type.Optional(Type.String()),
    output: Type.Optional(Type.Union([Type.String(), Type.Array(Part)])),
  },
  Open,
);

export type InputItemBody = Static<typeof InputItem>;

/** What is not named here is taken and has no effect. */
export const ResponsesBody = Type.Object(
  {
    model: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    input: Type.Union([Type.String(), Type.Array(InputItem, { minItems: 1, maxItems: 2_000 })]),
    instructions: orNull(Type.String()),
    stream: orNull(Type.Boolean()),
    max_output_tokens: orNull(Type.Integer({ minimum: 1 })),
    temperature: orNull(Type.Number({ minimum: 0, maximum: 2 })),
    previous_response_id: orNull(Type.String()),
    metadata: orNull(AnyObject),
    tools: orNull(
      Type.Array(
        Type.Object(
          {
            type: Type.String(),
            name: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' })),
            description: orNull(Type.String()),
            parameters: orNull(AnyObject),
          },
          Open,
        ),
        { maxItems: 128 },
      ),
    ),
    tool_choice: orNull(
      Type.Union([
        oneOf('none', 'auto', 'required'),
        Type.Object({ type: oneOf('function'), name: Type.String() }),
      ]),
    ),
    text: orNull(
      Type.Object(
        {
          format: Type.Optional(
            Type.Object(
              {
                type: oneOf('text', 'json_object', 'json_schema'),
                schema: Type.Optional(AnyObject),
              },
              Open,
            ),
          ),
        },
        Open,
      ),
    ),
  },
  Open,
);

export type ResponsesRequest = Static<typeof ResponsesBody>;
