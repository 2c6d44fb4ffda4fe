import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Clock } from '../../../platform/clock.js';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { uuidV4 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { type LanguageCode, languageOf } from '../language.js';
import { NARRATION_MODEL, narrate } from '../narration/narrate.js';
import { isVoice, voiceForTraits } from '../narration/voices.js';
import { helperErrorHandler } from '../present-error.js';
import { estimatedSeconds } from '../scenes/narration-time.js';
import type { FindScenes } from '../scenes/scene.js';
import type { StoryBrief, StoryDay, Storyteller } from '../story-writing/brief.js';
import { costOf } from '../usage/costs.js';
import { looksOf, storyHeroOf } from './helper-hero.js';
import { askedBy, type Metered } from './metered.js';
import * as shapes from './schemas.js';

const tags = ['stories: helpers'];
/** The pace at which stories are read (contract §5). */
const WORDS_PER_MINUTE = 200;
/** Shorter ones are no stories; longer ones no model writes at once. */
const FEWEST_WORDS = 150;
const MOST_WORDS = 4_000;
const TOKENS_PER_WORD = 2;

/** Stories, scenes and narrations that are answered and not kept (contract §3.6). */
export function storyHelperRoutes(
  server: HttpServer,
  parts: {
    readonly platform: Pick<Platform, 'log' | 'scratchDirectory' | 'speech' | 'text'>;
    readonly clock: Clock;
    readonly metered: Metered;
    readonly storyteller: Storyteller;
    readonly findScenes: FindScenes;
  },
): void {
  const { platform, clock, metered, storyteller, findScenes } = parts;
  const common = { preValidation: nullsAreAbsent, errorHandler: helperErrorHandler(clock) };

  const write = async (
    request: FastifyRequest,
    hero: Static<typeof shapes.HelperHero>,
    day: StoryDay,
    wish: { readonly language?: string; readonly targetDuration: number; readonly title?: string },
  ): Promise<Static<typeof shapes.WrittenAnswer>> => {
    const language: LanguageCode = wish.language === undefined ? 'en' : languageOf(wish.language);
    storyteller.checkLanguage(language);
    const minutes = Math.floor(wish.targetDuration / 60);
    const words = Math.min(MOST_WORDS, Math.max(FEWEST_WORDS, minutes * WORDS_PER_MINUTE));
    const brief: StoryBrief = {
      language,
      hero: storyHeroOf(hero),
      day,
      title: wish.title,
      words,
      maxTokens: Math.max(2_000, words * TOKENS_PER_WORD),
      // A family that asks again does not want the same story again.
      seed: uuidV4(),
    };
    const call = {
      operation: 'story_generation' as const,
      model: storyteller.model,
      cost: costOf('story', platform.text.engine),
      sameness: askedBy(request),
    };
    const { value } = await metered(callerOf(request).userId, call, async (signal) => {
      const written = await storyteller.write(brief, signal);
      return { value: written, ...(written.tokens === undefined ? {} : { tokens: written.tokens }) };
    });
    const told = value.content.match(/\S+/g)?.length ?? 0;
    return {
      title: value.title,
      content: value.content,
      estimatedDuration: Math.round((told / WORDS_PER_MINUTE) * 60),
    };
  };

  server.post(
    '/stories/generate',
    {
      ...common,
      schema: {
        tags,
        summary: 'A story that is not kept',
        body: shapes.StoryBody,
        response: { 200: shapes.WrittenAnswer },
      },
    },
    async (request) => {
      const { hero, event, ...wish } = request.body;
      const day = { title: event.rawValue, ...(event.promptSeed ? { promptSeed: event.promptSeed } : {}) };
      const isEnglish = wish.language === undefined || languageOf(wish.language) === 'en';
      return write(request, hero, day, {
        ...wish,
        // The contract's form of title is English.
        ...(isEnglish ? { title: `${hero.name} and the ${event.rawValue}` } : {}),
      });
    },
  );

  server.post(
    '/stories/generate-custom',
    {
      ...common,
      schema: {
        tags,
        summary: "A story of a family's own event, not kept",
        body: shapes.CustomStoryBody,
        response: { 200: shapes.WrittenAnswer },
      },
    },
    async (request) => {
      const { hero, customEvent, ...wish } = request.body;
      const { title, promptSeed, keywords, tone, ageRange, category } = customEvent;
      const day: StoryDay = {
        title,
        ageRange: ageRange ?? null,
        ...(promptSeed ? { promptSeed } : {}),
        ...(keywords ? { keywords } : {}),
        ...(tone ? { tone } : {}),
        ...(category ? { category } : {}),
      };
      return write(request, hero, day, { ...wish, title });
    },
  );

  server.post(
    '/stories/extract-scenes',
    {
      ...common,
      schema: {
        tags,
        summary: 'Scenes of a story that are worth a picture',
        body: shapes.ScenesBody,
        response: { 200: shapes.ScenesAnswer },
      },
    },
    async (request) => {
      const { storyContent: content, storyDuration, hero, eventContext } = request.body;
      const wish = {
        content,
        duration: storyDuration || estimatedSeconds(content.length),
        hero: looksOf(hero),
        ...(eventContext ? { eventContext } : {}),
      };
      const call = {
        operation: 'ai_assistant' as const,
        model: platform.text.model,
        sameness: askedBy(request),
      };
      const { value } = await metered(callerOf(request).userId, call, async (signal) => {
        const found = await findScenes(wish, signal);
        return { value: found, ...(found.tokens === undefined ? {} : { tokens: found.tokens }) };
      });
      return {
        scenes: value.scenes.map((scene, index) => ({ sceneNumber: index + 1, ...scene })),
        sceneCount: value.scenes.length,
        reasoning: value.reasoning,
      };
    },
  );

  server.post(
    '/audio/generate',
    {
      ...common,
      schema: {
        tags,
        summary: 'A text read aloud, not kept',
        body: shapes.AudioBody,
        response: { 200: shapes.AudioAnswer },
      },
    },
    async (request) => {
      const { text, voice = voiceForTraits([]), language = 'en' } = request.body;
      if (!isVoice(voice)) {
        throw errors.validation('must be the name of a voice such as coral, nova or fable', {
          field: 'voice',
        });
      }
      const wish = { text, voice, language: languageOf(language) };
      const call = {
        operation: 'audio_generation' as const,
        model: NARRATION_MODEL,
        cost: costOf('audio', platform.speech.synthesizer.engine),
        sameness: askedBy(request),
      };
      const { value } = await metered(callerOf(request).userId, call, async (signal) => ({
        value: await narrate(platform, wish, uuidV4(), signal),
      }));
      const { audio } = value;
      return { audioData: Buffer.from(audio).toString('base64'), format: 'mp3' as const, size: audio.length };
    },
  );
}
