import type { SpeechSynthesizer } from '../../../platform/ai/speech-synthesizer.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { Data } from '../envelopes.js';
import { orderFor } from '../generation/answer.js';
import type { Orders } from '../generation/orders.js';
import { languageCodeOf, languageNames } from '../language.js';
import { estimatedSeconds } from '../scenes/narration-time.js';
import type { StoryMedia } from '../services.js';
import type { StoryRow } from '../tables.js';
import { IdParams } from '../wire-fields.js';
import type { NarrationOrders } from './narration-orders.js';
import { AudioResult, AudioState, NarrationBody } from './schemas.js';
import { isVoice } from './voices.js';

const tags = ['stories: stories'];

/** Narration of stories (contract §3.2). */
export function narrationRoutes(
  server: HttpServer,
  {
    narrations,
    orders,
    media,
    synthesizer,
  }: {
    readonly narrations: NarrationOrders;
    readonly orders: Orders;
    readonly media: StoryMedia;
    readonly synthesizer: SpeechSynthesizer;
  },
): void {
  const present = (story: StoryRow) => ({
    audioUrl: media.address(story.audio_key) ?? '',
    audioDuration: story.audio_duration ?? estimatedSeconds(story.content.length),
    status: story.audio_status,
    voice: story.audio_voice && isVoice(story.audio_voice) ? story.audio_voice : 'nova',
  });

  /** Who gets French read with an English voice shall not think that it is meant to be so. */
  const remarkOn = (language: string): string => {
    const code = languageCodeOf(language) ?? 'en';
    return synthesizer.engine === 'builtin' && code !== 'en'
      ? `. The built-in voice knows English only; a voice for ${languageNames[code]} needs a speech provider.`
      : '';
  };

  server.post(
    '/stories/:id/audio',
    {
      preValidation: nullsAreAbsent,
      schema: {
        tags,
        summary: 'Have a story read aloud',
        params: IdParams,
        body: NarrationBody,
        response: { 200: Data(AudioResult) },
      },
      config: { ordered: true },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const { id } = request.params;
      const wanted = await narrations.wanted(userId, id, request.body);
      if (wanted && (await orderFor(orders, request, reply, wanted)) === null) return reply;
      const story = await narrations.story(userId, id);
      return {
        data: present(story),
        message: `${wanted ? 'Audio generated' : 'The story has this audio already'}${remarkOn(request.body.language ?? story.language)}`,
      };
    },
  );

  server.get(
    '/stories/:id/audio',
    {
      schema: {
        tags,
        summary: "How a story's narration stands",
        params: IdParams,
        response: { 200: Data(AudioState) },
      },
    },
    async (request) => {
      const story = await narrations.story(callerOf(request).userId, request.params.id);
      const audioUrl = media.address(story.audio_key);
      return {
        data: {
          ...(audioUrl === null ? {} : { audioUrl }),
          ...(story.audio_duration === null ? {} : { audioDuration: story.audio_duration }),
          status: story.audio_status,
          ...(story.audio_error === null ? {} : { error: story.audio_error }),
        },
      };
    },
  );
}
