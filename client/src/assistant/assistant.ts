import type { HttpClient } from '../http/client.js';
import { EarshotError } from '../http/errors.js';
import type { NetworkMonitor } from '../network/monitor.js';
import type {
  AssistedCustomEvent,
  AssistedEvent,
  AssistedHero,
  DrawnImage,
  ExtractedScenes,
  SanitizedPrompt,
  SpokenText,
  ToldStory,
} from '../wire/assistant.js';

export interface AssistantOptions {
  readonly signal?: AbortSignal;
}

type Ask<Body, Answer> = (body: Body, options?: AssistantOptions) => Promise<Answer>;

/**
 * The server's stateless helpers (contract §3.6): nothing is kept of what they answer. Limits of text are the server's. All
 * of them throw an EarshotError, `offline` without a network.
 */
export interface Assistant {
  /** Three to six words. */
  readonly generateTitle: Ask<
    { readonly description: string; readonly language?: string },
    { readonly title: string }
  >;
  /** Fewer than 150 words. */
  readonly enhancePrompt: Ask<
    {
      readonly title: string;
      readonly description: string;
      readonly category?: string;
      readonly ageRange?: string;
      readonly tone?: string;
    },
    { readonly enhancedPrompt: string }
  >;
  /** Up to eight. */
  readonly generateKeywords: Ask<
    { readonly event: string; readonly description: string },
    { readonly keywords: readonly string[] }
  >;
  /** Up to three. */
  readonly suggestSimilarEvents: Ask<
    { readonly description: string },
    { readonly suggestions: readonly string[] }
  >;
  readonly sanitizePrompt: Ask<{ readonly prompt: string }, SanitizedPrompt>;
  readonly generatePictogram: Ask<
    {
      readonly prompt: string;
      readonly size?: string;
      readonly quality?: string;
      readonly previousGenerationId?: string;
    },
    DrawnImage
  >;
  readonly generateAvatar: Ask<
    {
      readonly prompt: string;
      readonly hero: AssistedHero;
      readonly size?: string;
      readonly quality?: string;
      readonly previousGenerationId?: string;
    },
    DrawnImage
  >;
  readonly generateIllustration: Ask<
    { readonly prompt: string; readonly hero: AssistedHero; readonly previousGenerationId?: string },
    DrawnImage
  >;
  readonly generateAudio: Ask<
    { readonly text: string; readonly voice: string; readonly language: string },
    SpokenText
  >;
  /** @param targetDuration seconds */
  readonly generateStory: Ask<
    {
      readonly hero: AssistedHero;
      readonly event: AssistedEvent;
      readonly targetDuration: number;
      readonly language: string;
    },
    ToldStory
  >;
  readonly generateCustomStory: Ask<
    {
      readonly hero: AssistedHero;
      readonly customEvent: AssistedCustomEvent;
      readonly targetDuration: number;
      readonly language: string;
    },
    ToldStory
  >;
  readonly extractScenes: Ask<
    {
      readonly storyContent: string;
      readonly storyDuration: number;
      readonly hero: AssistedHero;
      readonly eventContext?: string;
    },
    ExtractedScenes
  >;
}

export function createAssistant(parts: {
  readonly http: HttpClient;
  readonly network: NetworkMonitor;
}): Assistant {
  const ask =
    <Body, Answer>(path: string): Ask<Body, Answer> =>
    async (body, { signal } = {}) => {
      if (!parts.network.state().connected) throw new EarshotError('offline');
      return await parts.http.json<Answer>({
        method: 'POST',
        path: `/api/${path}`,
        body,
        retry: 'conservative',
        signal,
      });
    };
  return {
    generateTitle: ask('ai-assistant/generate-title'),
    enhancePrompt: ask('ai-assistant/enhance-prompt'),
    generateKeywords: ask('ai-assistant/generate-keywords'),
    suggestSimilarEvents: ask('ai-assistant/suggest-similar-events'),
    sanitizePrompt: ask('ai-assistant/sanitize-prompt'),
    generatePictogram: ask('images/generate-pictogram'),
    generateAvatar: ask('images/generate-avatar'),
    generateIllustration: ask('images/generate-illustration'),
    generateAudio: ask('audio/generate'),
    generateStory: ask('stories/generate'),
    generateCustomStory: ask('stories/generate-custom'),
    extractScenes: ask('stories/extract-scenes'),
  };
}
