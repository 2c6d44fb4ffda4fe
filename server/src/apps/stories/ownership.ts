import { errors } from '../../platform/http/errors.js';

/**
 * The row, once it is there and the user's own. The contract (§1.2) tells the two refusals apart, with the same words
 * for every kind.
 *
 * @param kind for people: `Hero`
 * @throws AppError 404 when there is none, 403 when it is somebody else's
 */
export function owned<Row extends { readonly user_id: string }>(
  row: Row | undefined,
  userId: string,
  kind: string,
): Row {
  if (!row) throw errors.notFound(`${kind} not found`);
  if (row.user_id !== userId) throw errors.forbidden('This belongs to someone else.');
  return row;
}
