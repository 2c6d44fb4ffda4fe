import { Type } from 'typebox';

export const Description = Type.String({ minLength: 1, maxLength: 5_000 });

const DateOrNull = Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()]));

const FlagOrNull = Type.Optional(Type.Union([Type.Boolean(), Type.Null()]));

export const NewItem = Type.Object({
  description: Description,
  completed: FlagOrNull,
  due_at: DateOrNull,
  conversation_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});

export const ItemChange = Type.Object({
  description: Type.Optional(Description),
  completed: FlagOrNull,
  due_at: DateOrNull,
});
