import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import fastJsonStringify from 'fast-json-stringify';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';

type Validator = ReturnType<FastifySchemaCompiler<object>>;

/** The schemas are our own, checked by their types: reading the schema of schemas would take longer than reading them. */
const trustedSchemas = { strict: false, meta: false, validateSchema: false } as const;

/**
 * Compiles what checks requests and writes answers when a route is first asked, not when the server starts: some
 * milliseconds for one request, which would be a second of every start for all 400 routes.
 *
 * Bodies are taken as they are; only text that had no other way to say a number (query, path) is converted.
 */
export function compileSchemasWhenUsed(server: FastifyInstance): void {
  const settings = { useDefaults: true, removeAdditional: false, allErrors: false, ...trustedSchemas };
  const exact = new Ajv.default({ ...settings, coerceTypes: false });
  const converting = new Ajv.default({ ...settings, coerceTypes: 'array' });
  for (const ajv of [exact, converting]) addFormats.default(ajv);

  server.setValidatorCompiler<object>(({ schema, httpPart }) => {
    const ajv = httpPart === 'body' ? exact : converting;
    let compiled: ReturnType<typeof ajv.compile> | undefined;
    const validate: Validator = (data: unknown) => {
      compiled ??= ajv.compile(schema);
      const isValid = compiled(data) as boolean;
      validate.errors = (compiled.errors ?? null) as NonNullable<Validator['errors']> | null;
      return isValid;
    };
    return validate;
  });
  server.setSerializerCompiler<object>(({ schema }) => {
    let serialize: ((data: unknown) => string) | undefined;
    return (data) => {
      serialize ??= fastJsonStringify(schema);
      return serialize(data);
    };
  });
}
