import { type Static, Type } from 'typebox';
import { AnyObject, Open, oneOf, orNull } from '../shapes.js';

const Part = Type.Object(
  {
    type: Type.String(),
    text: Type.Optional(Type.String()),
    image_url: Type.Optional(Type.Object({ url: Type.String() })),
  },
  Open,
);

const ToolCallShape = Type.Object({
  id: Type.String(),
  type: Type.Optional(Type.String()),
  function: Type.Object({ name: Type.String(), arguments: Type.String() }),
});

export const ChatMessage = Type.Object(
  {
    role: oneOf('system', 'developer', 'user', 'assistant', 'tool'),
    content: Type.Optional(Type.Union([Type.String(), Type.Array(Part), Type.Null()])),
    tool_calls: Type.Optional(Type.Array(ToolCallShape)),
    tool_call_id: Type.Optional(Type.String()),
  },
  Open,
);

export type ChatMessageBody = Static<typeof ChatMessage>;

const FunctionName = Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' });

/** What is not named here is taken and has no effect. */
export const ChatBody = Type.Object(
  {
    model: Type.String({ minLength: 1, maxLength: 200 }),
    messages: Type.Array(ChatMessage, { minItems: 1, maxItems: 2_000 }),
    stream: orNull(Type.Boolean()),
    stream_options: orNull(Type.Object({ include_usage: Type.Optional(Type.Boolean()) }, Open)),
    max_tokens: orNull(Type.Integer({ minimum: 1 })),
    max_completion_tokens: orNull(Type.Integer({ minimum: 1 })),
    temperature: orNull(Type.Number({ minimum: 0, maximum: 2 })),
    n: orNull(Type.Integer({ minimum: 1, maximum: 1, description: 'One answer at a time.' })),
    tools: orNull(
      Type.Array(
        Type.Object(
          {
            type: oneOf('function'),
            function: Type.Object(
              {
                name: FunctionName,
                description: Type.Optional(Type.String()),
                parameters: Type.Optional(AnyObject),
              },
              Open,
            ),
          },
          Open,
        ),
        { maxItems: 128 },
      ),
    ),
    tool_choice: orNull(
      Type.Union([
        oneOf('none', 'auto', 'required'),
        Type.Object({ type: oneOf('function'), function: Type.Object({ name: FunctionName }) }),
      ]),
    ),
    response_format: orNull(
      Type.Object(
        {
          type: oneOf('text', 'json_object', 'json_schema'),
          json_schema: Type.Optional(Type.Object({ schema: Type.Optional(AnyObject) }, Open)),
        },
        Open,
      ),
    ),
  },
  Open,
);

export type ChatRequest = Static<typeof ChatBody>;
