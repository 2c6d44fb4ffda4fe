import type { Environment } from '../environment.js';
import type { HttpClient } from '../http/client.js';
import { EarshotError, isEarshotError, isServiceFailure } from '../http/errors.js';
import type { NetworkMonitor } from '../network/monitor.js';
import { MAX_ATTEMPTS } from '../queue/operation.js';
import type { Local } from '../repositories/local-entity.js';
import { presentRecord } from '../repositories/local-entity.js';
import type { LocalStore } from '../stores/local-store.js';
import type {
  CustomEvent,
  EntityType,
  EntityValue,
  EntityValues,
  Illustration,
  Story,
} from '../wire/entities.js';
import type { AudioResult, AvatarResult, IllustrationsProgress, StoryGenerate } from '../wire/generation.js';
import type { GenerationIntent, GenerationWish } from './intents.js';
import { keepAnswer } from './keep-answer.js';

/**
 * What only the server's intelligence can make. Ids are local ids. Offline it is refused (`offline`), or kept as a wish by
 * {@link Generation.later}; it is never faked. What it is about must have reached the server (`notUploaded`).
 */
export interface Generation {
  /** Tells a story, which may take minutes. @throws EarshotError */
  story(request: StoryGenerate, options?: GenerationOptions): Promise<Local<Story>>;
  /** Narrates a story. @param voice without a name: the one that suits the hero. @throws EarshotError */
  audio(
    storyId: string,
    voice: { readonly language: string; readonly voice?: string },
    options?: GenerationOptions,
  ): Promise<AudioResult>;
  /** Draws the scenes of a story. @throws EarshotError */
  illustrations(
    storyId: string,
    wish?: { readonly style?: 'standard' | 'hd'; readonly maxIllustrations?: number },
    options?: GenerationOptions,
  ): Promise<Local<Story>>;
  /** How far the drawing is. @throws EarshotError */
  illustrationsProgress(storyId: string): Promise<IllustrationsProgress>;
  /** @throws EarshotError */
  avatar(
    heroId: string,
    wish?: { readonly prompt?: string },
    options?: GenerationOptions,
  ): Promise<AvatarResult>;
  /** @throws EarshotError */
  visualProfile(heroId: string, options?: GenerationOptions): Promise<void>;
  /** @throws EarshotError */
  enhanceEvent(eventId: string, options?: GenerationOptions): Promise<Local<CustomEvent>>;
  /** Keeps a wish until the server can be reached. */
  later(wish: GenerationWish): Promise<GenerationIntent>;
  waiting(): Promise<readonly GenerationIntent[]>;
  /** Gives a wish up, or tries one again that failed. */
  forget(intentId: string): Promise<void>;
  retry(intentId: string): Promise<void>;
  /** Fulfils the wishes, oldest first. Called after each sync. @returns how many were fulfilled */
  runWaiting(): Promise<number>;
  /** An entity with fresh signed addresses, since those expire. @throws EarshotError */
  refreshed<K extends 'hero' | 'story' | 'customEvent'>(type: K, id: string): Promise<Local<EntityValues[K]>>;
}

export interface GenerationOptions {
  readonly signal?: AbortSignal;
  /** The same key gives the same result, paid once; made anew for each call unless told. */
  readonly idempotencyKey?: string;
}

export interface GenerationParts {
  readonly http: HttpClient;
  readonly store: LocalStore;
  readonly environment: Environment;
  readonly network: NetworkMonitor;
}

const PATHS: Readonly<Record<'hero' | 'story' | 'customEvent', string>> = {
  hero: '/api/heroes',
  story: '/api/stories',
  customEvent: '/api/custom-events',
};

export function createGeneration(parts: GenerationParts): Generation {
  const { http, store, environment } = parts;
  let running: Promise<number> | null = null;

  async function serverIdOf(type: EntityType, id: string): Promise<string> {
    const record = await store.read((tx) => tx.get('records', id));
    if (record?.type !== type || record.status === 'pendingDelete') throw new EarshotError('notFound');
    if (record.serverId === null) throw new EarshotError('notUploaded');
    return record.serverId;
  }

  async function ask<T>(
    path: string,
    body: EntityValue | undefined,
    options: GenerationOptions = {},
  ): Promise<T> {
    if (!parts.network.state().connected) throw new EarshotError('offline');
    return await http.data<T>({
      method: 'POST',
      path,
      ...(body && { body }),
      retry: 'aggressive',
      signal: options.signal,
      idempotencyKey: options.idempotencyKey ?? environment.newId(),
    });
  }

  async function keep<K extends EntityType>(
    type: K,
    value: EntityValues[K],
  ): Promise<Local<EntityValues[K]>> {
    return presentRecord<K>(await store.write((tx) => keepAnswer(tx, environment, type, value)));
  }

  async function refreshed<K extends 'hero' | 'story' | 'customEvent'>(
    type: K,
    id: string,
  ): Promise<Local<EntityValues[K]>> {
    const path = `${PATHS[type]}/${encodeURIComponent(await serverIdOf(type, id))}`;
    const query = type === 'story' ? { includeIllustrations: true } : {};
    const value = await http.data<EntityValues[K]>({ path, query });
    await keepIllustrations(value);
    return await keep(type, value);
  }

  /** Pictures that came along with their story. */
  async function keepIllustrations(story: unknown): Promise<void> {
    const { id, illustrations } = story as {
      readonly id: string;
      readonly illustrations?: readonly Illustration[];
    };
    for (const illustration of illustrations ?? [])
      await keep('illustration', { ...illustration, storyId: id });
  }

  async function keepStory(value: Story): Promise<Local<Story>> {
    const { illustrations: _, ...story } = value;
    const kept = await keep('story', story);
    await keepIllustrations(value);
    return kept;
  }

  const story: Generation['story'] = async (request, options) => {
    const heroId = await serverIdOf('hero', request.heroId);
    const customEventId =
      request.customEventId === undefined
        ? undefined
        : await serverIdOf('customEvent', request.customEventId);
    const body = { ...request, heroId, ...(customEventId !== undefined && { customEventId }) };
    return await keepStory(await ask<Story>('/api/stories', body, options));
  };

  const audio: Generation['audio'] = async (storyId, voice, options) => {
    const id = await serverIdOf('story', storyId);
    const result = await ask<AudioResult>(`/api/stories/${encodeURIComponent(id)}/audio`, voice, options);
    await refreshed('story', storyId);
    return result;
  };

  const illustrations: Generation['illustrations'] = async (storyId, wish = {}, options) => {
    const id = await serverIdOf('story', storyId);
    await ask(`/api/stories/${encodeURIComponent(id)}/illustrations`, wish, options);
    return await refreshed('story', storyId);
  };

  const avatar: Generation['avatar'] = async (heroId, wish = {}, options) => {
    const id = await serverIdOf('hero', heroId);
    const result = await ask<AvatarResult>(`/api/heroes/${encodeURIComponent(id)}/avatar`, wish, options);
    await refreshed('hero', heroId);
    return result;
  };

  async function fulfil(intent: GenerationIntent): Promise<void> {
    const options = { idempotencyKey: intent.id };
    if (intent.kind === 'story') await story(intent.request, options);
    else if (intent.kind === 'audio') {
      await audio(intent.storyId, { language: intent.language, voice: intent.voice }, options);
    } else if (intent.kind === 'avatar') {
      await avatar(intent.heroId, intent.prompt === undefined ? {} : { prompt: intent.prompt }, options);
    } else {
      const { storyId, style, maxIllustrations } = intent;
      const wish = { ...(style && { style }), ...(maxIllustrations !== undefined && { maxIllustrations }) };
      await illustrations(storyId, wish, options);
    }
  }

  async function runAll(): Promise<number> {
    let fulfilled = 0;
    for (const intent of await waiting()) {
      if (intent.failed) continue;
      try {
        await fulfil(intent);
        await store.write((tx) => tx.delete('intents', intent.id));
        fulfilled += 1;
      } catch (error) {
        if (isEarshotError(error, 'signedOut', 'unauthorized') || isServiceFailure(error)) return fulfilled;
        // Its hero is still on the way to the server; the next sync takes it there.
        if (isEarshotError(error, 'notUploaded')) continue;
        if (!isEarshotError(error)) throw error;
        const attemptCount = intent.attemptCount + 1;
        const failed = attemptCount >= MAX_ATTEMPTS || (error.status !== undefined && error.status < 500);
        const gone = error.code === 'notFound';
        const note = { ...intent, attemptCount, failed: failed || gone, error: error.message };
        await store.write((tx) => tx.put('intents', note));
      }
    }
    return fulfilled;
  }

  const waiting = async (): Promise<readonly GenerationIntent[]> =>
    [...(await store.read((tx) => tx.all('intents')))].sort((a, b) => a.createdAt - b.createdAt);

  return {
    story,
    audio,
    illustrations,
    avatar,
    refreshed,
    illustrationsProgress: async (storyId) => {
      const id = await serverIdOf('story', storyId);
      return await http.data({ path: `/api/stories/${encodeURIComponent(id)}/illustrations/status` });
    },
    visualProfile: async (heroId, options) => {
      const id = await serverIdOf('hero', heroId);
      await ask(`/api/heroes/${encodeURIComponent(id)}/visual-profile/extract`, undefined, options);
      await refreshed('hero', heroId);
    },
    enhanceEvent: async (eventId, options) => {
      const id = await serverIdOf('customEvent', eventId);
      const event = await ask<CustomEvent>(
        `/api/custom-events/${encodeURIComponent(id)}/enhance`,
        undefined,
        options,
      );
      return await keep('customEvent', event);
    },
    later: async (wish) => {
      const intent: GenerationIntent = {
        ...wish,
        id: environment.newId(),
        createdAt: environment.now(),
        error: null,
        failed: false,
        attemptCount: 0,
      };
      await store.write((tx) => tx.put('intents', intent));
      return intent;
    },
    waiting,
    forget: (intentId) => store.write((tx) => tx.delete('intents', intentId)),
    retry: (intentId) =>
      store.write(async (tx) => {
        const intent = await tx.get('intents', intentId);
        if (intent) await tx.put('intents', { ...intent, failed: false, attemptCount: 0, error: null });
      }),
    runWaiting: () => {
      running ??= runAll().finally(() => {
        running = null;
      });
      return running;
    },
  };
}
