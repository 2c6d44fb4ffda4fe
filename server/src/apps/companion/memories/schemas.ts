import { Type } from 'typebox';

const MAX_CONTENT = 10_000;

export const NewMemoryBody = Type.Object({
  content: Type.String({ minLength: 1, maxLength: MAX_CONTENT }),
  category: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
  visibility: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
  tags: Type.Optional(
    Type.Union([Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 }), Type.Null()]),
  ),
});

/** A change that comes as one value in the query. */
export const ValueQuery = Type.Object({ value: Type.Optional(Type.String({ maxLength: MAX_CONTENT })) });
