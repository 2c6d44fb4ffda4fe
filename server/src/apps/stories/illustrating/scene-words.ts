import type { Scene, SceneHero } from '../../../platform/ai/image-generator.js';
import { emotionOf } from '../scenes/from-paragraphs.js';

/**
 * A scene for the engine that draws by itself: its own words decide about everything in it, and none of those that frame a
 * prompt ("a bedtime book" would make every picture a night with a book).
 *
 * @param before scenes that came before, the nearest first: place and time stay until other ones are told
 */
export function sceneOf(hero: SceneHero | null, words: string, before: readonly string[] = []): Scene {
  const sinceThen = [words, ...before].join(' . ');
  return {
    hero,
    place: sinceThen,
    timeOfDay: sinceThen,
    mood: `${words} . ${emotionOf(words)}`,
    objects: [words],
    companions: [hero?.name ? withoutChild(words, hero.name) : words],
  };
}

/** "A child called Luna" is Luna, not one more child. */
const withoutChild = (words: string, name: string): string =>
  words.replace(/\b(?:child|girl|boy|enfant|fille|garçon)\b([^.!?]{0,40})/giu, (all, rest: string) =>
    rest.includes(name) ? rest : all,
  );
