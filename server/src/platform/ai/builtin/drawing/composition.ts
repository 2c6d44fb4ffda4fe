import type { ImageRequest, Scene } from '../../image-generator.js';
import type { AnimalName } from './animals.js';
import type { Mood } from './face.js';
import type { TimeOfDay } from './light.js';
import { type Look, lookNamed, lookOf } from './look.js';
import { animalWords, personWords, thingWords } from './nouns.js';
import { hashOf, pick, randomFrom } from './random.js';
import type { Weather } from './stage.js';
import type { ThingName } from './things.js';
import {
  meaningsIn,
  moodWords,
  type PlaceName,
  placeWords,
  plainWords,
  timeWords,
  weatherWords,
} from './words.js';

/** What is in a picture. */
export interface Composition {
  /** Decides everything that the words leave open. */
  readonly seed: string;
  readonly place: PlaceName;
  readonly time: TimeOfDay;
  readonly weather: Weather;
  readonly mood: Mood;
  readonly look: Look | null;
  readonly animals: readonly AnimalName[];
  /** Ages of the other people. */
  readonly people: readonly number[];
  readonly things: readonly ThingName[];
}

const mostCompanions = 3;
const mostThings = 4;

/** Reads the scene, and for what it leaves out the prompt. */
export function composition(request: ImageRequest): Composition {
  const { prompt, scene = {} } = request;
  const seed = `${plainWords(prompt)}|${JSON.stringify(scene)}|${request.seed ?? ''}`;
  const random = randomFrom(seed);
  const said = (part: string | undefined) => part ?? prompt;
  const things = meaningsIn(scene.objects ? scene.objects.join(' . ') : prompt, thingWords);
  const companions = scene.companions ? scene.companions.join(' . ') : prompt;
  const people = scene.companions ? meaningsIn(companions, personWords).map(Number) : [];
  const place =
    meaningsIn(said(scene.place), placeWords)[0] ??
    pick(random, ['hills', 'garden', 'forest', 'village', 'mountains']);
  return {
    seed,
    place,
    time: meaningsIn(said(scene.timeOfDay), timeWords)[0] ?? (place === 'space' ? 'night' : 'day'),
    weather: meaningsIn(`${scene.place ?? ''} ${prompt}`, weatherWords)[0] ?? 'clear',
    mood: meaningsIn(said(scene.mood), moodWords)[0] ?? 'joyful',
    look: lookFor(request, scene),
    animals: meaningsIn(companions, animalWords).slice(0, mostCompanions),
    people: people.slice(0, 2),
    things: things.slice(0, mostThings),
  };
}

function lookFor({ prompt, previousGenerationId }: ImageRequest, { hero }: Scene): Look | null {
  if (hero === null) return null;
  const earlier = previousGenerationId === undefined ? null : lookNamed(previousGenerationId);
  if (earlier) return earlier;
  const words = hero ?? looksIn(prompt);
  return lookOf(words, hero?.name ? plainWords(hero.name) : String(hashOf(plainWords(prompt))));
}

/** How a text describes somebody: the words before "hair" or "eyes" in English, after "cheveux" or "yeux" in French. */
export function looksIn(words: string) {
  const text = plainWords(words);
  const around = (before: string, after: string): string =>
    new RegExp(`((?: \\p{L}+){1,3}) (?:${before}) `, 'u').exec(text)?.[1] ??
    new RegExp(` (?:${after})((?: \\p{L}+){1,3})`, 'u').exec(text)?.[1] ??
    '';
  const age = Number(/ (\d{1,2}) (?:year|an)/.exec(text)?.[1]);
  return {
    ...(age > 0 ? { age } : {}),
    hair: around('hair|haired', 'cheveux'),
    eyes: around('eyes|eyed', 'yeux'),
    skin: around('skin|skinned', 'peau'),
    outfit: / (?:wearing|dressed in|porte|vetue?) ((?:\p{L}+ ){1,4})/u.exec(text)?.[1] ?? '',
  };
}
