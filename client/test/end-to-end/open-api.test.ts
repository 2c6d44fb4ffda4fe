import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoriesApp } from '../../../server/test/support/stories-app.js';
import { startStoriesApp } from '../../../server/test/support/stories-app.js';
import type { Assistant } from '../../src/index.js';
import type { AnyShape, Maybe, Shape } from '../wire/shapes.js';
import * as shapes from '../wire/shapes.js';

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly default?: unknown;
}

const typesOf = (schema: Schema): readonly string[] =>
  schema.anyOf?.flatMap(typesOf) ?? [schema.type ?? []].flat();

/** The part of a schema that is not null; several that all hold as one. */
function present(schema: Schema): Schema {
  const parts = schema.allOf?.map(present);
  if (!parts) return schema.anyOf?.find((each) => !typesOf(each).includes('null')) ?? schema;
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => required ?? []),
  };
}

const isMaybe = (shape: AnyShape | Maybe<AnyShape>): shape is Maybe<AnyShape> =>
  typeof shape === 'object' && 'maybe' in shape;

const NAMES: Readonly<Record<string, string>> = { integer: 'number' };

/** Where the server's schema does not keep what the client's type promises its readers. */
function driftOfAnswer(path: string, shape: AnyShape, schema: Schema): readonly string[] {
  const told = present(schema);
  const types = typesOf(told).map((type) => NAMES[type] ?? type);
  if (shape === 'any' || types.length === 0) return [];
  if (typeof shape === 'string')
    return types.includes(shape) ? [] : [`${path}: ${types} instead of ${shape}`];
  if (Array.isArray(shape)) {
    const item = (shape as readonly [AnyShape])[0];
    return types.includes('array')
      ? driftOfAnswer(`${path}[]`, item, told.items ?? {})
      : [`${path}: no array`];
  }
  return Object.entries(shape).flatMap(([name, field]) => {
    const property = told.properties?.[name];
    const place = `${path}.${name}`;
    if (!property) return [`${place}: the server does not tell it`];
    const inner = isMaybe(field) ? field.maybe : field;
    const absent = !isMaybe(field) && !told.required?.includes(name);
    const nothing = !isMaybe(field) && typesOf(property).includes('null');
    return [
      ...(absent ? [`${place}: may be absent`] : []),
      ...(nothing ? [`${place}: may be null`] : []),
      ...driftOfAnswer(place, inner, property),
    ];
  });
}

/** Where the server does not take what the client's type lets its users send. */
function driftOfBody(path: string, shape: AnyShape, schema: Schema): readonly string[] {
  if (typeof shape === 'string' || Array.isArray(shape)) return driftOfAnswer(path, shape, schema);
  const fields = Object.entries(shape);
  const given = new Map(fields);
  const needed = (schema.required ?? []).filter((name) => schema.properties?.[name]?.default === undefined);
  const missing = needed.filter((name) => !given.has(name) || isMaybe(given.get(name) ?? 'any'));
  return [
    ...missing.map((name) => `${path}.${name}: the server needs it`),
    ...fields.flatMap(([name, field]) => {
      const property = schema.properties?.[name];
      const place = `${path}.${name}`;
      if (!property) return [`${place}: the server does not know it`];
      return driftOfBody(place, isMaybe(field) ? field.maybe : field, present(property));
    }),
  ];
}

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

const object = (properties: Readonly<Record<string, AnyShape>>): AnyShape => properties;

/** What is read of each answer: method, path, the member it lies in (`''`: none), shape. */
const ANSWERS: readonly (readonly [Method, string, string, AnyShape])[] = [
  ['get', '/api/heroes', 'data', object({ heroes: [shapes.hero] })],
  ['post', '/api/heroes', 'data', shapes.hero],
  ['get', '/api/heroes/{id}', 'data', shapes.hero],
  ['patch', '/api/heroes/{id}', 'data', shapes.hero],
  ['post', '/api/heroes/{id}/avatar', 'data', shapes.avatarResult],
  ['get', '/api/heroes/{id}/visual-profile', 'data', shapes.visualProfile],
  ['get', '/api/stories', 'data', object({ stories: [shapes.story] })],
  ['post', '/api/stories', 'data', shapes.story],
  ['get', '/api/stories/{id}', 'data', shapes.story],
  ['patch', '/api/stories/{id}', 'data', shapes.story],
  ['post', '/api/stories/{id}/audio', 'data', shapes.audioResult],
  ['post', '/api/stories/{id}/illustrations', 'data', shapes.story],
  ['get', '/api/stories/{id}/illustrations', 'data', object({ illustrations: [shapes.illustration] })],
  ['get', '/api/stories/{id}/illustrations/status', 'data', shapes.illustrationsProgress],
  ['get', '/api/custom-events', 'data', object({ customEvents: [shapes.customEvent] })],
  ['post', '/api/custom-events', 'data', shapes.customEvent],
  ['patch', '/api/custom-events/{id}', 'data', shapes.customEvent],
  ['post', '/api/custom-events/{id}/enhance', 'data', shapes.customEvent],
  ['get', '/api/user/profile', 'data', shapes.profile],
  ['get', '/api/analytics/summary', 'data', shapes.journeySummary],
  ['get', '/api/analytics/activity', 'data', shapes.journeyActivity],
  ['get', '/api/analytics/heroes', 'data', shapes.journeyHeroes],
  ['get', '/api/analytics/milestones', 'data', shapes.journeyMilestones],
  ['get', '/api/analytics/insights', 'data', shapes.journeyInsights],
  ['post', '/api/files/upload', 'data', shapes.announcedFile],
  ['post', '/api/files/confirm', 'data', shapes.confirmedFile],
  ['post', '/api/batch/heroes', '', shapes.batchAnswer],
  ['post', '/api/batch/stories', '', shapes.batchAnswer],
  ['post', '/api/batch/custom-events', '', shapes.batchAnswer],
  ['get', '/api/sync/changes', 'data', shapes.syncChanges],
  ['post', '/api/sync/push', 'data', shapes.syncPushed],
  ['post', '/api/ai-assistant/generate-title', '', object({ title: 'string' })],
  ['post', '/api/ai-assistant/enhance-prompt', '', object({ enhancedPrompt: 'string' })],
  ['post', '/api/ai-assistant/generate-keywords', '', object({ keywords: ['string'] })],
  ['post', '/api/ai-assistant/suggest-similar-events', '', object({ suggestions: ['string'] })],
  ['post', '/api/ai-assistant/sanitize-prompt', '', shapes.sanitizedPrompt],
  ['post', '/api/images/generate-pictogram', '', shapes.drawnImage],
  ['post', '/api/images/generate-avatar', '', shapes.drawnImage],
  ['post', '/api/images/generate-illustration', '', shapes.drawnImage],
  ['post', '/api/audio/generate', '', shapes.spokenText],
  ['post', '/api/stories/generate', '', shapes.toldStory],
  ['post', '/api/stories/generate-custom', '', shapes.toldStory],
  ['post', '/api/stories/extract-scenes', '', shapes.extractedScenes],
];

type Asked<Name extends keyof Assistant> = Shape<Parameters<Assistant[Name]>[0]>;
const maybe = { maybe: 'string' } as const;
const assistedHero: Asked<'generateAvatar'>['hero'] = {
  name: 'string',
  primaryTrait: 'string',
  secondaryTrait: 'string',
  appearance: maybe,
  specialAbility: maybe,
  avatarPrompt: maybe,
  avatarGenerationId: maybe,
};
const asked: { readonly [Name in keyof Assistant]: Asked<Name> } = {
  generateTitle: { description: 'string', language: maybe },
  enhancePrompt: { title: 'string', description: 'string', category: maybe, ageRange: maybe, tone: maybe },
  generateKeywords: { event: 'string', description: 'string' },
  suggestSimilarEvents: { description: 'string' },
  sanitizePrompt: { prompt: 'string' },
  generatePictogram: { prompt: 'string', size: maybe, quality: maybe, previousGenerationId: maybe },
  generateAvatar: {
    prompt: 'string',
    hero: assistedHero,
    size: maybe,
    quality: maybe,
    previousGenerationId: maybe,
  },
  generateIllustration: { prompt: 'string', hero: assistedHero, previousGenerationId: maybe },
  generateAudio: { text: 'string', voice: 'string', language: 'string' },
  generateStory: {
    hero: assistedHero,
    event: { rawValue: 'string', promptSeed: 'string' },
    targetDuration: 'number',
    language: 'string',
  },
  generateCustomStory: {
    hero: assistedHero,
    customEvent: {
      title: 'string',
      promptSeed: 'string',
      keywords: { maybe: ['string'] },
      tone: maybe,
      ageRange: maybe,
      category: maybe,
    },
    targetDuration: 'number',
    language: 'string',
  },
  extractScenes: { storyContent: 'string', storyDuration: 'number', hero: assistedHero, eventContext: maybe },
};

/** What is sent. */
const BODIES: readonly (readonly [Method, string, AnyShape])[] = [
  ['post', '/api/heroes', shapes.heroCreate],
  ['patch', '/api/heroes/{id}', shapes.heroUpdate],
  ['post', '/api/stories', shapes.storyCreate],
  ['post', '/api/stories', shapes.storyGenerate],
  ['patch', '/api/stories/{id}', shapes.storyUpdate],
  ['post', '/api/custom-events', shapes.customEventCreate],
  ['patch', '/api/custom-events/{id}', shapes.customEventUpdate],
  ['post', '/api/files/upload', shapes.fileAnnouncement],
  ['post', '/api/files/confirm', shapes.fileBinding],
  ['post', '/api/ai-assistant/generate-title', asked.generateTitle],
  ['post', '/api/ai-assistant/enhance-prompt', asked.enhancePrompt],
  ['post', '/api/ai-assistant/generate-keywords', asked.generateKeywords],
  ['post', '/api/ai-assistant/suggest-similar-events', asked.suggestSimilarEvents],
  ['post', '/api/ai-assistant/sanitize-prompt', asked.sanitizePrompt],
  ['post', '/api/images/generate-pictogram', asked.generatePictogram],
  ['post', '/api/images/generate-avatar', asked.generateAvatar],
  ['post', '/api/images/generate-illustration', asked.generateIllustration],
  ['post', '/api/audio/generate', asked.generateAudio],
  ['post', '/api/stories/generate', asked.generateStory],
  ['post', '/api/stories/generate-custom', asked.generateCustomStory],
  ['post', '/api/stories/extract-scenes', asked.extractScenes],
];

describe('the wire types and the OpenAPI of the server', () => {
  let app: StoriesApp;
  let paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;
  beforeAll(async () => {
    app = await startStoriesApp('SQLite and files');
    const answer = await fetch(`${app.url}/docs/json`);
    paths = ((await answer.json()) as { readonly paths: typeof paths }).paths;
  });
  afterAll(() => app.stop());

  const operation = (method: Method, path: string): Operation => {
    const found = paths[path]?.[method];
    if (!found) throw new Error(`The server does not describe ${method} ${path}.`);
    return found;
  };

  test.each(ANSWERS)('%s %s answers what is read of it', (method, path, member, shape) => {
    const { responses } = operation(method, path);
    const schema = (responses['200'] ?? responses['201'])?.content?.['application/json']?.schema ?? {};
    const inner = present(member === '' ? schema : (schema.properties?.[member] ?? {}));
    expect(inner.properties).toBeDefined();
    expect(driftOfAnswer('answer', shape, inner)).toEqual([]);
  });

  test.each(BODIES)('%s %s takes what is sent to it', (method, path, shape) => {
    const schema = operation(method, path).requestBody?.content['application/json']?.schema;
    expect(schema).toBeDefined();
    expect(driftOfBody('body', shape, schema ?? {})).toEqual([]);
  });

  test('drift is noticed: what is not told, may be absent, is of another type, is needed', () => {
    const schema: Schema = {
      type: 'object',
      required: ['a', 'd'],
      properties: { a: { type: 'integer' }, b: { type: ['string', 'null'] }, d: { type: 'string' } },
    };
    expect(driftOfAnswer('x', { a: 'string', b: 'string', c: { maybe: 'string' } }, schema)).toEqual([
      'x.a: number instead of string',
      'x.b: may be absent',
      'x.b: may be null',
      'x.c: the server does not tell it',
    ]);
    expect(driftOfBody('x', { a: 'number', e: 'string' }, schema)).toEqual([
      'x.d: the server needs it',
      'x.e: the server does not know it',
    ]);
  });
});
