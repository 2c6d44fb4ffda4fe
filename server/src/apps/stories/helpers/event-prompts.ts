import { splitSentences } from '../../../platform/ai/builtin/language.js';
import type { StoryDay } from '../story-writing/brief.js';
import type { ToneName } from '../story-writing/grammar/book.js';
import { clippedToWords } from './assistant.js';

/** So many words of the family's own; what the rules add stays far below the rest of the 150. */
const OWN_WORDS = 70;

type CategoryName =
  | 'daily'
  | 'adventure'
  | 'emotional'
  | 'learning'
  | 'celebration'
  | 'challenge'
  | 'imagination'
  | 'general';

/** What a storyteller is told beside the family's own words. */
interface Advice {
  readonly tones: Readonly<Record<ToneName, string>>;
  /** `custom` and unknown ones count as `general`. */
  readonly categories: Readonly<Record<CategoryName, string>>;
  /** By the first number of the age range; everybody else last. */
  readonly ages: Readonly<Record<'2' | '4' | '6' | 'all', string>>;
  readonly ending: string;
}

const english: Advice = {
  tones: {
    calming: 'Tell it slowly and softly, like a lullaby.',
    exciting: 'Let it be lively, with a surprise around every corner, and never frightening.',
    educational: 'Let the hero find something out step by step, so that the listener learns it too.',
    funny: 'Let there be silly mishaps and a lot of laughter.',
    inspiring: 'Let the hero grow a little and feel proud of it.',
    mysterious: 'Let there be a gentle riddle whose answer turns out to be friendly.',
    balanced: 'Mix a little excitement with a lot of warmth.',
    cheerful: 'Keep it bright and warm, with friends close by.',
  },
  categories: {
    daily: 'Show how an ordinary moment becomes special when somebody looks closely.',
    adventure: 'Send the hero on a small journey with a helper and a safe way home.',
    emotional: 'Name what the hero feels, and let somebody listen.',
    learning: 'Let a mistake be the beginning of understanding.',
    celebration: 'Fill it with guests, songs and small presents.',
    challenge: 'Give the hero a task that takes three attempts and a little help.',
    imagination: 'Let everyday things turn into something wonderful.',
    general: 'Let a small problem be solved by kindness and a good idea.',
  },
  ages: {
    2: 'Use short sentences, repetitions and familiar things.',
    4: 'Use simple words and one clear thread.',
    6: 'Use rich words and a little puzzle to solve.',
    all: 'Let small and big listeners find something to smile about.',
  },
  ending: 'End calmly, at home, ready for sleep.',
};

const french: Advice = {
  tones: {
    calming: 'Raconte lentement et doucement, comme une berceuse.',
    exciting: 'Que ce soit vif, avec une surprise à chaque tournant, sans jamais faire peur.',
    educational: 'Que le héros découvre quelque chose pas à pas, pour que l’enfant l’apprenne aussi.',
    funny: 'Qu’il y ait des maladresses amusantes et beaucoup de rires.',
    inspiring: 'Que le héros grandisse un peu et en soit fier.',
    mysterious: 'Qu’il y ait une petite énigme dont la réponse soit une belle surprise.',
    balanced: 'Mêle un peu d’aventure à beaucoup de tendresse.',
    cheerful: 'Que tout soit lumineux et chaleureux, avec des amis tout près.',
  },
  categories: {
    daily: 'Montre comment un moment ordinaire devient précieux quand on le regarde de près.',
    adventure: 'Envoie le héros en voyage, avec quelqu’un pour l’aider et un chemin sûr pour rentrer.',
    emotional: 'Nomme ce que le héros ressent, et que quelqu’un l’écoute.',
    learning: 'Qu’une erreur soit le début de la compréhension.',
    celebration: 'Remplis la fête d’invités, de chansons et de petits cadeaux.',
    challenge: 'Donne au héros une tâche qui demande trois essais et un peu d’aide.',
    imagination: 'Que les objets de tous les jours deviennent merveilleux.',
    general: 'Qu’un petit problème soit résolu par la gentillesse et une bonne idée.',
  },
  ages: {
    2: 'Utilise des phrases courtes, des répétitions et des choses familières.',
    4: 'Utilise des mots simples et un seul fil.',
    6: 'Utilise des mots riches et une petite énigme à résoudre.',
    all: 'Que petits et grands trouvent de quoi sourire.',
  },
  ending: 'Termine dans le calme, à la maison, prêt pour le sommeil.',
};

/** A prompt for a story by rules: the family's own words, and what a storyteller makes of such a day. */
export function promptOf(day: StoryDay, isFrench: boolean): string {
  const advice = isFrench ? french : english;
  const own = clippedToWords([day.description, day.promptSeed].filter(Boolean).join(' '), OWN_WORDS);
  const isNamed = own.toLowerCase().includes(day.title.toLowerCase());
  return [
    ...(own && isNamed ? [] : [sentence(clippedToWords(day.title, OWN_WORDS))]),
    ...splitSentences(own).map(sentence),
    advice.categories[(day.category?.toLowerCase() ?? 'general') as CategoryName] ??
      advice.categories.general,
    advice.tones[(day.tone?.toLowerCase() ?? 'cheerful') as ToneName] ?? advice.tones.cheerful,
    advice.ages[(/\d/.exec(day.ageRange ?? '')?.[0] ?? 'all') as '2'] ?? advice.ages.all,
    advice.ending,
  ].join(' ');
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
