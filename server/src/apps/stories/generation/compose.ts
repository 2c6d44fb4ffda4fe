import type { HttpServer } from '../../../platform/http/server.js';
import type { Platform } from '../../../platform/platform.js';
import { createAvatarOrders } from '../avatars/avatar-orders.js';
import { createEnhancements } from '../custom-events/enhancing.js';
import { assistantRoutes } from '../helpers/assistant-routes.js';
import { createMeter } from '../helpers/metered.js';
import { pictureRoutes } from '../helpers/picture-routes.js';
import { createPromptedAssistant } from '../helpers/prompted-assistant.js';
import { createRuledAssistant } from '../helpers/ruled-assistant.js';
import { storyHelperRoutes } from '../helpers/story-routes.js';
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
import { createExtractions } from '../visual-profiles/extraction.js';
import { lookReaderByRules } from '../visual-profiles/look-by-rules.js';
import { lookReaderPrompted } from '../visual-profiles/look-reader.js';
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
  const { clock, database, images, speech, text } = platform;
  const orders = await createOrders(platform, createOrderStore(database), usage);
  const parts = { records, orders, usage, media };
  const narrations = createNarrationOrders(platform, parts);
  const illustrating = createIllustrationOrders(platform, parts);
  const addAvatarRoute = createAvatarOrders(platform, parts);
  const isPrompted = text.engine === 'openai';
  const storyteller = isPrompted ? createPromptedStoryteller(text) : createGrammarStoryteller();
  const findScenes = isPrompted ? scenesPrompted(text) : scenesFromParagraphs;
  const assistant = isPrompted ? createPromptedAssistant(text) : createRuledAssistant();
  const reader = isPrompted ? lookReaderPrompted(text) : lookReaderByRules;
  const addExtractRoute = createExtractions(platform, { ...parts, reader });
  const addEnhanceRoute = createEnhancements(platform, { ...parts, assistant });
  const { metered, stop: stopHelpers } = createMeter(platform, usage);
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
      addExtractRoute(scope);
      addEnhanceRoute(scope);
      generationRoutes(scope, orders, clock);
      narrationRoutes(scope, { narrations, orders, media, synthesizer: speech.synthesizer });
      illustratingRoutes(scope, { illustrating, orders, records, media });
      assistantRoutes(scope, { assistant, metered, clock });
      pictureRoutes(scope, { images, metered, clock });
      storyHelperRoutes(scope, { platform, clock, metered, storyteller, findScenes });
    },
    recover: async (): Promise<void> => {
      await orders.recover();
      await narrations.recover();
      await illustrating.recover();
    },
    /** For `preClose`: waiting requests are told to come back. */
    stop: async (): Promise<void> => {
      await Promise.all([orders.stop(), stopHelpers()]);
    },
  };
}
