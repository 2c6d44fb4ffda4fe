import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../../platform/clock.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { languageOf } from '../language.js';
import { helperErrorHandler } from '../present-error.js';
import type { Assistant } from './assistant.js';
import { askedBy, type Made, type Metered } from './metered.js';
import * as shapes from './schemas.js';

const tags = ['stories: helpers'];

/** Words for a family's own events (contract §3.6). */
export function assistantRoutes(
  server: HttpServer,
  {
    assistant,
    metered,
    clock,
  }: { readonly assistant: Assistant; readonly metered: Metered; readonly clock: Clock },
): void {
  const common = { preValidation: nullsAreAbsent, errorHandler: helperErrorHandler(clock) };
  const ask = <T>(
    request: FastifyRequest,
    make: (signal: AbortSignal) => Promise<Made<T>>,
  ): Promise<Made<T>> => {
    const call = {
      operation: 'ai_assistant' as const,
      model: assistant.model,
      sameness: askedBy(request),
    };
    return metered(callerOf(request).userId, call, make);
  };

  server.post(
    '/ai-assistant/generate-title',
    {
      ...common,
      schema: {
        tags,
        summary: 'A title for an event',
        body: shapes.TitleBody,
        response: { 200: shapes.TitleAnswer },
      },
    },
    async (request) => {
      const { description, language } = request.body;
      const code = language === undefined ? null : languageOf(language);
      const { value } = await ask(request, (signal) => assistant.title(description, code, signal));
      return { title: value };
    },
  );

  server.post(
    '/ai-assistant/enhance-prompt',
    {
      ...common,
      schema: {
        tags,
        summary: 'An event in better words',
        body: shapes.PromptBody,
        response: { 200: shapes.PromptAnswer },
      },
    },
    async (request) => {
      const { title, description, category, ageRange, tone } = request.body;
      const day = { title, description, ageRange: ageRange ?? null, ...known({ category, tone }) };
      const { value } = await ask(request, (signal) => assistant.prompt(day, signal));
      return { enhancedPrompt: value };
    },
  );

  server.post(
    '/ai-assistant/generate-keywords',
    {
      ...common,
      schema: {
        tags,
        summary: 'Keywords for an event',
        body: shapes.KeywordsBody,
        response: { 200: shapes.KeywordsAnswer },
      },
    },
    async (request) => {
      const { event: title, description } = request.body;
      const { value } = await ask(request, (signal) => assistant.keywords({ title, description }, signal));
      return { keywords: [...value] };
    },
  );

  server.post(
    '/ai-assistant/suggest-similar-events',
    {
      ...common,
      schema: {
        tags,
        summary: 'Other events of the same kind',
        body: shapes.SimilarBody,
        response: { 200: shapes.SimilarAnswer },
      },
    },
    async (request) => {
      const { description } = request.body;
      const { value } = await ask(request, (signal) => assistant.similarEvents(description, signal));
      return { suggestions: [...value] };
    },
  );

  server.post(
    '/ai-assistant/sanitize-prompt',
    {
      ...common,
      schema: {
        tags,
        summary: 'The description of a picture, fit for children',
        body: shapes.SanitizeBody,
        response: { 200: shapes.SanitizeAnswer },
      },
    },
    async (request) => {
      const { prompt } = request.body;
      const { value, tokens } = await ask(request, (signal) => assistant.sanitize(prompt, signal));
      return {
        sanitizedPrompt: value,
        original: prompt,
        ...(tokens === undefined ? {} : { tokensUsed: tokens }),
      };
    },
  );
}

const known = ({
  category,
  tone,
}: {
  readonly category: string | null | undefined;
  readonly tone: string | null | undefined;
}) => ({ ...(category ? { category } : {}), ...(tone ? { tone } : {}) });
