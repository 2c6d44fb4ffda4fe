import { splitWords } from '../../../platform/ai/builtin/language.js';
import type { Category } from '../conversations/categories.js';

/** By which words a conversation is known to be about something, in English and some French. */
const topics: readonly { readonly category: Category; readonly emoji: string; readonly words: string }[] = [
  {
    category: 'health',
    emoji: '🩺',
    words:
      'doctor dentist hospital medicine pill sick ill hurts allergy allergic appointment clinic therapy blood health médecin dentiste santé',
  },
  {
    category: 'work',
    emoji: '💼',
    words:
      'meeting project deadline boss colleague office manager report client presentation team budget réunion projet bureau',
  },
  {
    category: 'family',
    emoji: '👪',
    words:
      'mother father mom dad mum sister brother son daughter parents grandmother grandfather wife husband family famille mère père',
  },
  {
    category: 'education',
    emoji: '🎓',
    words:
      'school university class lesson exam homework teacher student study course lecture école professeur devoirs',
  },
  {
    category: 'travel',
    emoji: '✈️',
    words:
      'flight train hotel airport trip travel ticket passport holiday vacation luggage voyage vol gare hôtel',
  },
  {
    category: 'finance',
    emoji: '💰',
    words: 'bank money invoice tax loan rent salary pay payment bill euros dollars savings banque argent',
  },
  {
    category: 'technology',
    emoji: '💻',
    words: 'computer software code server phone app internet website data robot program bug ordinateur',
  },
  {
    category: 'sports',
    emoji: '⚽',
    words: 'football soccer tennis match training run running gym coach team score swim cycling sport',
  },
  {
    category: 'music',
    emoji: '🎵',
    words: 'music song guitar piano concert band album sing choir violin musique chanson',
  },
  {
    category: 'entertainment',
    emoji: '🎬',
    words: 'movie film series show cinema game theatre actor episode netflix cinéma',
  },
  {
    category: 'weather',
    emoji: '⛅',
    words: 'weather rain sunny snow storm wind forecast cloudy temperature météo pluie',
  },
  {
    category: 'business',
    emoji: '📈',
    words: 'customer market sales contract company product revenue supplier price deal entreprise marché',
  },
  {
    category: 'legal',
    emoji: '⚖️',
    words: 'lawyer court law judge contract sue legal notary avocat tribunal',
  },
  {
    category: 'science',
    emoji: '🔬',
    words: 'experiment physics chemistry biology research theory scientist laboratory',
  },
  {
    category: 'environment',
    emoji: '🌱',
    words: 'garden forest climate river tree plant nature recycling jardin forêt',
  },
  {
    category: 'politics',
    emoji: '🗳️',
    words: 'election government minister president parliament vote party policy',
  },
  { category: 'news', emoji: '📰', words: 'news newspaper headline journalist article' },
  {
    category: 'social',
    emoji: '💬',
    words: 'friend friends dinner lunch party birthday wedding invite visit ami amis anniversaire fête',
  },
  {
    category: 'personal',
    emoji: '📝',
    words: 'buy milk bread shopping clean laundry cook groceries courses acheter',
  },
];

const known = topics.map(({ words, ...topic }) => ({ ...topic, words: new Set(words.split(' ')) }));

/**
 * What a text is about, by the topic that most of its words belong to.
 *
 * @param hasToDos a list of errands is about the user's own life, when about nothing else
 */
export function topicOf(
  text: string,
  hasToDos: boolean,
): { readonly category: Category; readonly emoji: string } {
  const said = splitWords(text).slice(0, 20_000);
  const ranked = known
    .map((topic) => ({ topic, hits: said.filter((word) => topic.words.has(word)).length }))
    .sort((one, other) => other.hits - one.hits);
  const best = ranked[0];
  return best && best.hits > 0
    ? { category: best.topic.category, emoji: best.topic.emoji }
    : hasToDos
      ? { category: 'personal', emoji: '📝' }
      : { category: 'other', emoji: '🧠' };
}
