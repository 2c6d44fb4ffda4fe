import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { TextMessage } from '../text-generator.js';
import { strictSchema, withoutNulls } from './strict-schema.js';

type ResponseFormat = NonNullable<ChatCompletionCreateParams['response_format']>;

/** How an upstream is made to answer in JSON, the surest way first. */
export interface JsonMode {
  readonly responseFormat?: ResponseFormat;
  /** Whether the schema has to be told in the conversation. */
  readonly tellsSchema: boolean;
}

/** The ways for a schema: structured outputs, JSON mode, plain words. Not every server knows the first two. */
export function jsonModes(schema: TSchema): readonly JsonMode[] {
  const strict = strictSchema(schema);
  return [
    {
      responseFormat: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: strict ?? { ...schema }, strict: strict !== null },
      },
      tellsSchema: false,
    },
    { responseFormat: { type: 'json_object' }, tellsSchema: true },
    { tellsSchema: true },
  ];
}

/** The messages with the schema told, for upstreams that take it no other way. */
export const withSchemaTold = (messages: readonly TextMessage[], schema: TSchema): TextMessage[] => [
  {
    role: 'system',
    content: `Answer with one JSON value and nothing else. It satisfies this JSON schema:\n${JSON.stringify(schema)}`,
  },
  ...messages,
];

/** The messages with a wrong answer and what is wrong with it. */
export const askedAgain = (
  messages: readonly TextMessage[],
  answer: string,
  problem: string,
): TextMessage[] => [
  ...messages,
  { role: 'assistant', content: answer },
  { role: 'user', content: `${problem} Answer again, with the corrected JSON only.` },
];

export type ParsedAnswer<T> = { readonly value: T } | { readonly problem: string };

/** Reads an answer, with or without a code fence around it, and checks it. */
export function parseAnswer<Schema extends TSchema>(
  answer: string,
  schema: Schema,
): ParsedAnswer<Static<Schema>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, ''));
  } catch {
    return { problem: 'That is not valid JSON.' };
  }
  const value = Value.Clean(schema, withoutNulls(schema, parsed));
  if (Value.Check(schema, value)) return { value };
  const problems = [...Value.Errors(schema, value)]
    .slice(0, 5)
    .map(({ instancePath, message }) => `${instancePath || 'the value'} ${message}`);
  return { problem: `That does not satisfy the schema: ${problems.join('; ')}.` };
}
