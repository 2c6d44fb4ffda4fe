import { Type } from 'typebox';
import { Instant } from '../instants.js';

export const Generation = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  status: Type.String({ description: 'processing, completed or failed' }),
  subjectId: Type.Optional(Type.String()),
  result: Type.Optional(
    Type.Object({}, { additionalProperties: true, description: 'What came out: `storyId` and the like.' }),
  ),
  failure: Type.Optional(
    Type.Object(
      {},
      { additionalProperties: true, description: 'The error body that a waiting client would have got.' },
    ),
  ),
  createdAt: Instant,
  updatedAt: Instant,
});
