import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';

type JsonSchema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What strict structured outputs know (https://platform.openai.com/docs/guides/structured-outputs#supported-schemas). */
const known = [
  'type',
  'description',
  'enum',
  'const',
  'pattern',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
];

/**
 * A schema as strict structured outputs want it: nothing beside the named properties, all of them required (those that
 * were optional may be null), and lengths as words, since they are not checked there.
 *
 * @returns null when the schema cannot be put that way
 */
export function strictSchema(schema: unknown): Record<string, unknown> | null {
  if (!isSchema(schema)) return null;
  const strict: Record<string, unknown> = {};
  for (const key of known) if (schema[key] !== undefined) strict[key] = schema[key];
  const lengths = lengthsOf(schema);
  if (lengths) strict.description = [schema.description, lengths].filter(Boolean).join(' ');
  if (Array.isArray(schema.anyOf)) {
    const choices = schema.anyOf.map(strictSchema);
    return choices.includes(null) ? null : { ...strict, anyOf: choices };
  }
  if (schema.type === 'array') {
    const items = strictSchema(schema.items);
    return items && { ...strict, items };
  }
  if (schema.type === 'object') return strictObject(schema, strict);
  return schema.type === undefined && schema.enum === undefined && schema.const === undefined ? null : strict;
}

function strictObject(schema: JsonSchema, strict: Record<string, unknown>): Record<string, unknown> | null {
  if (!isSchema(schema.properties)) return null;
  const properties: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const inner = strictSchema(property);
    if (!inner) return null;
    properties[name] = isOptional(schema, name) ? { anyOf: [inner, { type: 'null' }] } : inner;
  }
  return { ...strict, properties, required: Object.keys(properties), additionalProperties: false };
}

const isOptional = (schema: JsonSchema, name: string): boolean =>
  !(Array.isArray(schema.required) && schema.required.includes(name));

function lengthsOf({ minLength, maxLength }: JsonSchema): string {
  const least = typeof minLength === 'number' && minLength > 1 ? `at least ${minLength}` : '';
  const most = typeof maxLength === 'number' ? `at most ${maxLength}` : '';
  const both = [least, most].filter(Boolean).join(' and ');
  return both && `(${both} characters)`;
}

/** The value without the nulls that stand for optional properties that were left out. */
export function withoutNulls(schema: unknown, value: unknown): unknown {
  if (!isSchema(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(schema.items, item));
  const { properties } = schema;
  if (!isSchema(value) || !isSchema(properties)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, item]) => item !== null || !isOptional(schema, name) || accepts(properties[name], null))
      .map(([name, item]) => [name, withoutNulls(properties[name], item)]),
  );
}

const accepts = (schema: unknown, value: unknown): boolean =>
  isSchema(schema) && Value.Check(schema as TSchema, value);
