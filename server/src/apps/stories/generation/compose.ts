import type { HttpServer } from '../../../platform/http/server.js';
import type { Platform } from '../../../platform/platform.js';
import { createAvatarOrders } from '../avatars/avatar-orders.js';
import { createIllustrationOrders } from '../illustrating/illustration-orders.js';
import { illustratingRoutes } from '../illustrating/routes.js';
import { createNarrationOrders } from '../narration/narration-orders.js';
import { narrationRoutes } from '../narration/routes.js';
import type { Records } from '../records.js';
import { scenesFromParagraphs } from '../scenes/from-paragraphs.js';
import { scenesPrompted } from '../scenes/prompted.js';
import type { StoryMedia, UsageService } from '../services.js';
import { createGrammarStoryteller } from '../story-writing/grammar/storyteller.js';
import { createPromptedStoryteller } from '../story-writing/prompted-storyteller.js';
import { createStoryOrders } from '../story-writing/story-orders.js';
import { createOrders } from './orders.js';
import { generationRoutes } from './routes.js';
import { createOrderStore } from './store.js';

/** Everything that engines make for users, composed. */
export async function createGeneration(
  platform: Platform,
  records: Records,
  media: StoryMedia,
  usage: UsageService,
) {
  const { clock, database, text } = platform;
  const orders = await createOrders(platform, createOrderStore(database), usage);
  const parts = { records, orders, usage, media };
  const narrations = createNarrationOrders(platform, parts);
  const illustrating = createIllustrationOrders(platform, parts);
  const addAvatarRoute = createAvatarOrders(platform, parts);
  const isPrompted = text.engine === 'openai';
  const storyteller = isPrompted ? createPromptedStoryteller(text) : createGrammarStoryteller();
  const findScenes = isPrompted ? scenesPrompted(text) : scenesFromParagraphs;
  const generate = createStoryOrders(platform, {
    ...parts,
    storyteller,
    findScenes,
    scenesByRules: scenesFromParagraphs,
    followUps: { narration: narrations.followUp, illustrations: illustrating.followUp },
  });

  return {
    generate,
    routes: (scope: HttpServer): void => {
      addAvatarRoute(scope);
      generationRoutes(scope, orders, clock);
      narrationRoutes(scope, { narrations, orders, media });
      illustratingRoutes(scope, { illustrating, orders, records, media });
    },
    recover: async (): Promise<void> => {
      await orders.recover();
      await narrations.recover();
      await illustrating.recover();
    },
    /** For `preClose`: waiting requests are told to come back. */
    stop: orders.stop,
  };
}
