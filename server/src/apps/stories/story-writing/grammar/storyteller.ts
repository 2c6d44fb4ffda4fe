import { errors } from '../../../../platform/http/errors.js';
import { languageNames } from '../../language.js';
import { isFit } from '../../safety/content-filter.js';
import type { StoryBrief, StoryDay, StoryHero, Storyteller } from '../brief.js';
import { type Book, builtinEvents, toneNames } from './book.js';
import { type Chance, chanceOf } from './chance.js';
import { english } from './english.js';
import { french } from './french.js';
import { traitOf } from './traits.js';

const BOOKS = { en: english, fr: french } as const;
/** So much of a user's own words a story of this length can hold. */
const LONGEST = { title: 60, seed: 80, ability: 60, trait: 30, keyword: 30 };
const MOST_KEYWORDS = 3;

/**
 * Tells stories by rules, offline: a frame around one of eleven plots, filled with this hero and this day. In English and
 * French. The same brief gives the same story.
 */
export function createGrammarStoryteller(): Storyteller {
  const bookOf = (language: string): Book => {
    const book = BOOKS[language as keyof typeof BOOKS];
    if (book) return book;
    const known = Object.keys(BOOKS).map((code) => languageNames[code as keyof typeof BOOKS]);
    throw errors.validation(
      `the built-in storyteller tells in ${known.join(' and ')}; other languages need a language model (OPENAI_API_KEY or OPENAI_BASE_URL)`,
      { field: 'language' },
    );
  };
  return {
    model: 'earshot-grammar',
    checkLanguage: (language) => void bookOf(language),
    write: async (brief) => {
      const { title, paragraphs, plot } = tell(bookOf(brief.language), brief);
      return {
        title,
        content: paragraphs.join('\n\n'),
        metadata: { engine: 'builtin', model: 'earshot-grammar', language: brief.language, plot },
      };
    },
  };
}

function tell(book: Book, brief: StoryBrief) {
  const chance = chanceOf(brief.seed);
  const { hero } = brief;
  const day = brief.customPrompt ? { ...brief.day, promptSeed: brief.customPrompt } : brief.day;
  const event = builtinEvents.find((name) => name === brief.day.title);
  const isOwnDay = event === undefined || brief.customPrompt !== undefined;
  const plot = isOwnDay ? book.custom : book.plots[event];
  const [intro, friend] = chance.of(plot.friends);
  const name = oneLine(hero.name);
  const slots: Record<string, string> = {
    name,
    friend,
    intro,
    ...book.nameSlots('name', name),
    ...book.nameSlots('friend', friend),
    ...dayOf(book, day),
    portrait: book.portrait(
      hero.age === null ? undefined : book.ages[hero.age],
      colourOf(book.hair, hero.hairColor),
      colourOf(book.eyes, hero.eyeColor),
    ),
  };
  slots.tone = fill(
    book.tones[toneNames.find((tone) => tone === day.tone?.toLowerCase()) ?? 'balanced'],
    slots,
    chance,
  );

  const templates = [
    chance.of(book.openings),
    plot.setting,
    ...(isOwnDay ? [ownWords(book, slots)] : []),
    plot.problem,
    traitMoment(book, hero, slots, chance),
    plot.middle,
    abilityMoment(book, hero, slots, chance),
    plot.resolution,
    plot.home,
    chance.of(book.endings),
  ].filter((template) => template !== '');
  return {
    title: book.typeset(brief.title?.trim() || fill(chance.of(plot.titles), slots, chance)),
    paragraphs: templates.map((template) => book.typeset(fill(template, slots, chance))),
    plot: isOwnDay ? 'own day' : event,
  };
}

/** Puts choices and slots in; what the user wrote is put in last and not looked at again. */
const fill = (template: string, slots: Readonly<Record<string, string>>, chance: Chance): string =>
  template
    .replace(/\[([^[\]]+)\]/g, (_, options: string) => chance.of(options.split('|')))
    .replace(/\{(\w+)\}/g, (_, slot: string) => slots[slot] ?? '');

/** What the family thought up for the day, as far as it is fit to be told. */
function dayOf(book: Book, { title, promptSeed, keywords = [] }: StoryDay): Record<string, string> {
  const cards = keywords
    .map((word) => clipped(fit(word), LONGEST.keyword))
    .filter(Boolean)
    .slice(0, MOST_KEYWORDS);
  const quoted = cards.map((word) => book.quote(word));
  const last = quoted.pop() ?? '';
  return {
    title: clipped(fit(title), LONGEST.title),
    seed: promptSeed ? firstSentence(fit(promptSeed)) : '',
    keyword: cards[0] ?? '',
    keywords: quoted.length === 0 ? last : `${quoted.join(', ')}${book.and}${last}`,
  };
}

const ownWords = (book: Book, slots: Readonly<Record<string, string>>): string =>
  [...(slots.seed ? [book.letter] : []), ...(slots.keyword ? [book.cards] : [])].join(' ');

function traitMoment(book: Book, hero: StoryHero, slots: Record<string, string>, chance: Chance): string {
  const [first] = hero.traits;
  const trait = hero.traits.map(traitOf).find((known) => known !== null);
  if (trait) return chance.of(book.traits[trait]);
  slots.trait = first ? clipped(oneLine(first), LONGEST.trait) : '';
  return slots.trait ? chance.of(book.otherTrait) : chance.of(book.traits.kind);
}

function abilityMoment(book: Book, hero: StoryHero, slots: Record<string, string>, chance: Chance): string {
  const ability = hero.abilities
    .map((own) => clipped(fit(own), LONGEST.ability).replace(/[.!?…]+$/, ''))
    .find(Boolean);
  if (ability) {
    slots.ability = lowerFirst(ability);
    return chance.of(book.abilities);
  }
  const second = hero.traits.map(traitOf).filter((known) => known !== null)[1];
  return second ? chance.of(book.traits[second]) : chance.of(book.noAbility);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A user's words, when they may be told to a child as they are; else none. */
const fit = (text: string): string => (isFit(text) ? oneLine(text) : '');

/** Cut at the end of a word. */
function clipped(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return cut.slice(0, cut.lastIndexOf(' ') > 0 ? cut.lastIndexOf(' ') : length).replace(/[\s,;:]+$/, '');
}

function firstSentence(text: string): string {
  const [sentence = ''] = /^.+?[.!?…](?=\s|$)/.exec(text) ?? [text];
  const short = clipped(sentence, LONGEST.seed);
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

/** Abilities stand behind a colon; names such as "X-ray eyes" keep their capitals. */
const lowerFirst = (text: string): string =>
  /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** The first colour that a text names: "dark brown, curly" is brown. */
const colourOf = (colours: Readonly<Record<string, string>>, text: string | null): string | undefined =>
  text
    ?.toLowerCase()
    .split(/[^\p{L}]+/u)
    .map((word) => colours[word])
    .find((colour) => colour !== undefined);
