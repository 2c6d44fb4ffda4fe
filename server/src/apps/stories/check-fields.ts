import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Static, TSchema } from 'typebox';
import { errors } from '../../platform/http/errors.js';
import { placeOf } from './present-error.js';

const ajv = new Ajv.default({ useDefaults: true, strict: false, meta: false, validateSchema: false });
addFormats.default(ajv);

/**
 * Checks what came by another way than a route's body (sync, batch) as the route would: same validator, same words.
 *
 * @returns a check that gives the fields back, with defaults filled in
 */
export function fieldsOf<Schema extends TSchema>(schema: Schema): (fields: unknown) => Static<Schema> {
  let check: ReturnType<typeof ajv.compile> | undefined;
  return (fields) => {
    check ??= ajv.compile(schema);
    const copy: unknown = structuredClone(fields);
    if (check(copy)) return copy as Static<Schema>;
    const [found] = check.errors ?? [];
    const place = found
      ? placeOf({ ...found, instancePath: found.instancePath, params: found.params })
      : 'fields';
    throw errors.validation(`${place}: ${found?.message ?? 'is not valid'}`, { field: place });
  };
}
