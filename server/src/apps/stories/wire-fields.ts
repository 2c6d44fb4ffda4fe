import { Type } from 'typebox';

/** In answers: null where there is none. */
export const TextOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] });
export const NumberOrNull = Type.Unsafe<number | null>({ type: ['number', 'null'] });
export const IntegerOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] });
export const ObjectOrNull = Type.Unsafe<Readonly<Record<string, unknown>> | null>({
  type: ['object', 'null'],
  additionalProperties: true,
});

/** In bodies: absent leaves what is there, null takes it away. */
export const optionalText = (maxLength: number) =>
  Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength }));

export const optionalTexts = (maxItems: number, maxLength: number) =>
  Type.Optional(
    Type.Unsafe<string[] | null>({
      type: ['array', 'null'],
      maxItems,
      items: { type: 'string', maxLength },
    }),
  );

export const optionalFlag = Type.Optional(Type.Unsafe<boolean | null>({ type: ['boolean', 'null'] }));

/** On updates: the version that the client changed. Later changes of others are then not overwritten. */
export const baseUpdatedAt = {
  baseUpdatedAt: Type.Optional(
    Type.Unsafe<string | null>({
      type: ['string', 'null'],
      maxLength: 64,
      description:
        '`updatedAt` of the copy that was changed; 409 with the current copy when there is a later one.',
    }),
  ),
};

export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });

export const Removed = Type.Object({ id: Type.String() });
