import { type TSchema, Type } from 'typebox';

/** `{ data, message? }`: how resource routes answer (contract §1.1). */
export const Data = <T extends TSchema>(payload: T) =>
  Type.Object({ data: payload, message: Type.Optional(Type.String()) });

/** Sits beside the list, inside `data`. */
export const Pagination = Type.Object({
  total: Type.Integer(),
  limit: Type.Integer(),
  offset: Type.Integer(),
  hasMore: Type.Boolean(),
});

/** Where a list begins and how long it is at most. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

export const paginationOf = (total: number, { limit, offset }: Page) => ({
  total,
  limit,
  offset,
  hasMore: offset + limit < total,
});
